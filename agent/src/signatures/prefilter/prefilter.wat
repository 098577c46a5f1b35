;; The prefilter's walk over octets, with SIMD where it helps. It does what typescript-engine.ts does, hit for hit; layout.ts says how the tables lie.
;; Compiled by scripts/gen-prefilter-wasm.mjs into prefilter-wasm.gen.ts.
;; The memory holds the tables, the octets that are scanned, and room for hits. At least 32 octets follow whatever is scanned: loads of 16 octets may pass
;; its end, what they bring from there is masked out or not looked at.
(module
  (import "prefilter" "memory" (memory 1))
  ;; One scan: tables, window, number of the scan, work left, room for hits and how many are there.
  (global $base (mut i32) (i32.const 0))
  (global $off (mut i32) (i32.const 0))
  (global $end (mut i32) (i32.const 0))
  (global $stamp (mut i32) (i32.const 0))
  (global $work (mut i32) (i32.const 0))
  (global $hits (mut i32) (i32.const 0))
  (global $capacity (mut i32) (i32.const 0))
  (global $count (mut i32) (i32.const 0))
  ;; Patterns of the pass that were not told yet.
  (global $left (mut i32) (i32.const 0))
  ;; The word of which all patterns were told when it was last looked at; 32 is no word.
  (global $quiet (mut i32) (i32.const 32))

  ;; Scans [off, end). `work` is what each pass may do. At `hits` it leaves two words, the first of them the work that was done, then two for
  ;; each hit: id, and place from `off`. Gives the number of hits n; -1 - n if the scan was cut short.
  (func (export "scan") (param $base i32) (param $off i32) (param $end i32) (param $stamp i32) (param $work i32) (param $hits i32) (param $capacity i32)
    (result i32)
    (local $pass i32) (local $passes i32) (local $code i32)
    (global.set $base (local.get $base))
    (global.set $off (local.get $off))
    (global.set $end (local.get $end))
    (global.set $stamp (local.get $stamp))
    (i32.store (local.get $hits) (i32.const 0))
    (global.set $hits (i32.add (local.get $hits) (i32.const 8)))
    (global.set $capacity (local.get $capacity))
    (global.set $count (i32.const 0))
    ;; The passes lie behind the header of 8 words, 12 words each.
    (local.set $passes (i32.load (local.get $base)))
    (local.set $pass (i32.add (local.get $base) (i32.const 32)))
    (block $done
      (loop $next
        (br_if $done (i32.eqz (local.get $passes)))
        (global.set $work (local.get $work))
        (global.set $quiet (i32.const 32))
        (global.set $left (i32.load offset=44 (local.get $pass)))
        (if (i32.eq (i32.load offset=4 (local.get $pass)) (i32.const 4))
          (then (local.set $code (call $wide (local.get $pass))))
          (else (local.set $code (call $narrow (local.get $pass)))))
        (i32.store (local.get $hits) (i32.add (i32.load (local.get $hits)) (i32.sub (local.get $work) (global.get $work))))
        (if (i32.eqz (local.get $code)) (then (return (i32.sub (i32.const -1) (global.get $count)))))
        (local.set $pass (i32.add (local.get $pass) (i32.const 48)))
        (local.set $passes (i32.sub (local.get $passes) (i32.const 1)))
        (br $next)))
    (global.get $count))

  ;; Words of four octets, each step-th from the window's start: 16 octets a turn. Bit 0 of $r tells whether any of their words passes the
  ;; filter; few do, and then each is asked again.
  (func $wide (param $pass i32) (result i32)
    (local $p i32) (local $end i32) (local $step i32) (local $mask i32) (local $multiplier i32)
    (local $shift i32) (local $shiftA i32) (local $shiftB i32)
    (local $blocks i32) (local $places i32) (local $k i32) (local $code i32) (local $r i32) (local $h i32) (local $b i32)
    (local $v v128) (local $masks v128) (local $multipliers v128) (local $salts v128) (local $blooms v128) (local $slots v128)
    (local.set $p (global.get $off))
    (local.set $end (global.get $end))
    (local.set $multiplier (i32.load offset=36 (local.get $pass)))
    (local.set $step (i32.load (local.get $pass)))
    (local.set $mask (i32.load offset=8 (local.get $pass)))
    (local.set $blooms (i32x4.splat (i32.add (global.get $base) (i32.load offset=12 (local.get $pass)))))
    (local.set $shift (i32.load offset=16 (local.get $pass)))
    (local.set $shiftA (i32.sub (local.get $shift) (i32.const 5)))
    (local.set $shiftB (i32.sub (local.get $shift) (i32.const 10)))
    (local.set $masks (i32x4.splat (local.get $mask)))
    (local.set $multipliers (i32x4.splat (local.get $multiplier)))
    (local.set $salts (i32x4.splat (i32.load offset=40 (local.get $pass))))
    (local.set $places (select (i32.const 0x1111) (i32.const 0x5555) (i32.eq (local.get $step) (i32.const 4))))
    ;; The last turn that has all its words: p + 20 - step <= end.
    (local.set $blocks (i32.sub (i32.add (local.get $end) (local.get $step)) (i32.const 20)))
    (block $rest
      (loop $block
        (br_if $rest (i32.gt_s (local.get $p) (local.get $blocks)))
        (local.set $r (i32.const 0))
        (local.set $k (i32.const 0))
        (loop $shifted
          (local.set $v (i32x4.add (local.get $salts) (i32x4.mul
            (v128.and (v128.load (i32.add (local.get $p) (local.get $k))) (local.get $masks))
            (local.get $multipliers))))
          (local.set $slots (i32x4.add (local.get $blooms) (i32x4.shl (i32x4.shr_u (local.get $v) (local.get $shift)) (i32.const 2))))
          (local.set $h (i32x4.extract_lane 0 (local.get $v)))
          (local.set $b (i32.load (i32x4.extract_lane 0 (local.get $slots))))
          (local.set $r (i32.or (local.get $r) (i32.and
            (i32.shr_u (local.get $b) (i32.shr_u (local.get $h) (local.get $shiftA)))
            (i32.shr_u (local.get $b) (i32.shr_u (local.get $h) (local.get $shiftB))))))
          (local.set $h (i32x4.extract_lane 1 (local.get $v)))
          (local.set $b (i32.load (i32x4.extract_lane 1 (local.get $slots))))
          (local.set $r (i32.or (local.get $r) (i32.and
            (i32.shr_u (local.get $b) (i32.shr_u (local.get $h) (local.get $shiftA)))
            (i32.shr_u (local.get $b) (i32.shr_u (local.get $h) (local.get $shiftB))))))
          (local.set $h (i32x4.extract_lane 2 (local.get $v)))
          (local.set $b (i32.load (i32x4.extract_lane 2 (local.get $slots))))
          (local.set $r (i32.or (local.get $r) (i32.and
            (i32.shr_u (local.get $b) (i32.shr_u (local.get $h) (local.get $shiftA)))
            (i32.shr_u (local.get $b) (i32.shr_u (local.get $h) (local.get $shiftB))))))
          (local.set $h (i32x4.extract_lane 3 (local.get $v)))
          (local.set $b (i32.load (i32x4.extract_lane 3 (local.get $slots))))
          (local.set $r (i32.or (local.get $r) (i32.and
            (i32.shr_u (local.get $b) (i32.shr_u (local.get $h) (local.get $shiftA)))
            (i32.shr_u (local.get $b) (i32.shr_u (local.get $h) (local.get $shiftB))))))
          (br_if $shifted (i32.lt_u
            (local.tee $k (i32.add (local.get $k) (local.get $step)))
            (i32.const 4))))
        (if (i32.and (local.get $r) (i32.const 1))
          (then (if (i32.ne (i32.const 1) (local.tee $code (call $filtered (local.get $pass) (local.get $p) (local.get $places) (local.get $mask))))
            (then (return (local.get $code))))))
        (local.set $p (i32.add (local.get $p) (i32.const 16)))
        (br $block)))
    (call $tail (local.get $pass) (local.get $p) (local.get $places) (local.get $mask)))

  ;; Words of one to three octets, at each octet. Sets of octets that can stand first, second, third in a word are looked up for 16 places at once; the
  ;; places that are left go through the filter one by one.
  (func $narrow (param $pass i32) (result i32)
    (local $p i32) (local $blocks i32) (local $mask i32) (local $multiplier i32) (local $sets i32) (local $r i32) (local $code i32)
    (local $first v128) (local $second v128) (local $third v128) (local $v v128) (local $found v128)
    (local $low v128) (local $bits v128) (local $zero v128)
    (local.set $p (global.get $off))
    (local.set $multiplier (i32.load offset=36 (local.get $pass)))
    (local.set $mask (i32.load offset=8 (local.get $pass)))
    (local.set $sets (i32.add (global.get $base) (i32.load offset=32 (local.get $pass))))
    (local.set $first (v128.load (local.get $sets)))
    (local.set $second (v128.load offset=16 (local.get $sets)))
    (local.set $third (v128.load offset=32 (local.get $sets)))
    (local.set $low (i8x16.splat (i32.const 15)))
    ;; For each high half: its bit in a set, from its bits 4, 6 and 7.
    (local.set $bits (v128.const i8x16 1 2 1 2 4 8 4 8 16 32 16 32 64 -128 64 -128))
    ;; The last turn that has all its words: p + 15 + width <= end.
    (local.set $blocks (i32.sub (i32.sub (global.get $end) (i32.const 15)) (i32.load offset=4 (local.get $pass))))
    (block $rest
      (loop $block
        (br_if $rest (i32.gt_s (local.get $p) (local.get $blocks)))
        (local.set $v (v128.load (local.get $p)))
        (local.set $found (i8x16.eq (local.get $zero) (v128.and
          (i8x16.swizzle (local.get $first) (v128.and (local.get $v) (local.get $low)))
          (i8x16.swizzle (local.get $bits) (i8x16.shr_u (local.get $v) (i32.const 4))))))
        (local.set $v (v128.load offset=1 (local.get $p)))
        (local.set $found (v128.or (local.get $found) (i8x16.eq (local.get $zero) (v128.and
          (i8x16.swizzle (local.get $second) (v128.and (local.get $v) (local.get $low)))
          (i8x16.swizzle (local.get $bits) (i8x16.shr_u (local.get $v) (i32.const 4)))))))
        (local.set $v (v128.load offset=2 (local.get $p)))
        (local.set $found (v128.or (local.get $found) (i8x16.eq (local.get $zero) (v128.and
          (i8x16.swizzle (local.get $third) (v128.and (local.get $v) (local.get $low)))
          (i8x16.swizzle (local.get $bits) (i8x16.shr_u (local.get $v) (i32.const 4)))))))
        ;; $found has the places where an octet is in no set: all others are looked at.
        (local.set $r (i32.xor (i8x16.bitmask (local.get $found)) (i32.const 0xffff)))
        (if (local.get $r)
          (then (if (i32.ne (i32.const 1) (local.tee $code (call $filtered (local.get $pass) (local.get $p) (local.get $r) (local.get $mask))))
            (then (return (local.get $code))))))
        (local.set $p (i32.add (local.get $p) (i32.const 16)))
        (br $block)))
    (call $tail (local.get $pass) (local.get $p) (i32.const 0xffff) (local.get $mask)))

  ;; The places of $r, bits from $p on, that pass the Bloom filter.
  (func $filtered (param $pass i32) (param $p i32) (param $r i32) (param $mask i32) (result i32)
    (local $q i32) (local $word i32) (local $h i32) (local $b i32) (local $bloom i32) (local $shift i32) (local $multiplier i32) (local $salt i32) (local $code i32)
    (local.set $bloom (i32.add (global.get $base) (i32.load offset=12 (local.get $pass))))
    (local.set $shift (i32.load offset=16 (local.get $pass)))
    (local.set $multiplier (i32.load offset=36 (local.get $pass)))
    (local.set $salt (i32.load offset=40 (local.get $pass)))
    (loop $next
      (block $quiet
        (local.set $q (i32.add (local.get $p) (i32.ctz (local.get $r))))
        (local.set $r (i32.and (local.get $r) (i32.sub (local.get $r) (i32.const 1))))
        (local.set $word (i32.and (i32.load (local.get $q)) (local.get $mask)))
        (br_if $quiet (i32.eq (local.get $word) (global.get $quiet)))
        (local.set $h (i32.add (i32.mul (local.get $word) (local.get $multiplier)) (local.get $salt)))
        (local.set $b (i32.load (i32.add (local.get $bloom) (i32.shl (i32.shr_u (local.get $h) (local.get $shift)) (i32.const 2)))))
        (if (i32.and (i32.const 1) (i32.and
              (i32.shr_u (local.get $b) (i32.shr_u (local.get $h) (i32.sub (local.get $shift) (i32.const 5))))
              (i32.shr_u (local.get $b) (i32.shr_u (local.get $h) (i32.sub (local.get $shift) (i32.const 10))))))
          (then (if (i32.ne (i32.const 1) (local.tee $code (call $candidate (local.get $pass) (local.get $q) (local.get $word) (local.get $h))))
            (then (return (local.get $code)))))))
      (br_if $next (local.get $r)))
    (i32.const 1))

  ;; What is left behind the last turn of 16 octets: at most 16 places from $p on, of which $places has those that are looked at.
  (func $tail (param $pass i32) (param $p i32) (param $places i32) (param $mask i32) (result i32)
    (local $starts i32)
    (local.set $starts (i32.add (i32.const 1) (i32.sub (i32.sub (global.get $end) (i32.load offset=4 (local.get $pass))) (local.get $p))))
    (if (i32.le_s (local.get $starts) (i32.const 0)) (then (return (i32.const 1))))
    (call $filtered (local.get $pass) (local.get $p)
      (i32.and (local.get $places) (i32.sub (i32.shl (i32.const 1) (local.get $starts)) (i32.const 1)))
      (local.get $mask)))

  ;; Goes through the entries of a word that passed the filter at $p. Gives 1 to go on, 0 to end the scan, 2 to end the pass: all its patterns are told.
  ;; So do all functions below and above.
  (func $candidate (param $pass i32) (param $p i32) (param $word i32) (param $h i32) (result i32)
    (local $entry i32) (local $tail i32) (local $head i32) (local $meta i32) (local $length i32) (local $before i32) (local $start i32)
    (local $number i32) (local $range i32) (local $place i32) (local $hit i32) (local $told i32) (local $untold i32)
    (local.set $head (i32.add
      (i32.add (global.get $base) (i32.load offset=20 (local.get $pass)))
      (i32.shl (i32.shr_u (local.get $h) (i32.load offset=24 (local.get $pass))) (i32.const 2))))
    (local.set $entry (i32.add (global.get $base) (i32.load offset=28 (local.get $pass))))
    (local.set $tail (i32.add (local.get $entry) (i32.shl (i32.load offset=4 (local.get $head)) (i32.const 4))))
    (local.set $entry (i32.add (local.get $entry) (i32.shl (i32.load (local.get $head)) (i32.const 4))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $entry) (local.get $tail)))
        (block $not
          (br_if $not (i32.ne (i32.load (local.get $entry)) (local.get $word)))
          (local.set $meta (i32.load offset=12 (local.get $entry)))
          (local.set $length (i32.and (local.get $meta) (i32.const 255)))
          (local.set $before (i32.and (i32.shr_u (local.get $meta) (i32.const 8)) (i32.const 255)))
          (local.set $number (i32.shr_u (local.get $meta) (i32.const 16)))
          (local.set $start (i32.sub (local.get $p) (local.get $before)))
          (global.set $work (i32.sub (global.get $work) (i32.const 1)))
          ;; Told already?
          (if (i32.eq
                (i32.load (i32.add (i32.add (global.get $base) (i32.load offset=12 (global.get $base))) (i32.shl (local.get $number) (i32.const 2))))
                (global.get $stamp))
            (then
              (local.set $told (i32.const 1))
              (br $not)))
          (local.set $untold (i32.const 1))
          (global.set $work (i32.sub (global.get $work) (i32.shr_u (i32.add (local.get $length) (i32.const 15)) (i32.const 4))))
          (if (i32.lt_s (global.get $work) (i32.const 0)) (then (return (i32.const 0))))
          (br_if $not (i32.lt_s (local.get $start) (global.get $off)))
          (br_if $not (i32.gt_s (i32.add (local.get $start) (local.get $length)) (global.get $end)))
          ;; The edge: four octets at the pattern's end that is further from the word.
          (if (i32.ge_u (local.get $length) (i32.const 4))
            (then (br_if $not (i32.and
              (i32.xor
                (i32.load (i32.add (local.get $start) (select
                  (i32.const 0)
                  (i32.sub (local.get $length) (i32.const 4))
                  (i32.ge_s (i32.shl (local.get $before) (i32.const 1)) (i32.sub (local.get $length) (i32.const 4))))))
                (i32.load offset=4 (local.get $entry)))
              (i32.load offset=8 (local.get $entry))))))
          (local.set $range (i32.add (i32.add (global.get $base) (i32.load offset=8 (global.get $base))) (i32.shl (local.get $number) (i32.const 3))))
          (local.set $place (i32.sub (local.get $start) (global.get $off)))
          (br_if $not (i32.lt_s (local.get $place) (i32.load (local.get $range))))
          (br_if $not (i32.gt_s (i32.add (local.get $place) (local.get $length)) (i32.load offset=4 (local.get $range))))
          (br_if $not (i32.eqz (call $isThere (local.get $number) (local.get $start) (local.get $length))))
          (if (i32.ge_u (global.get $count) (global.get $capacity)) (then (return (i32.const 0))))
          (i32.store
            (i32.add (i32.add (global.get $base) (i32.load offset=12 (global.get $base))) (i32.shl (local.get $number) (i32.const 2)))
            (global.get $stamp))
          (local.set $hit (i32.add (global.get $hits) (i32.shl (global.get $count) (i32.const 3))))
          (i32.store (local.get $hit) (i32.load
            (i32.add (i32.add (global.get $base) (i32.load offset=4 (global.get $base))) (i32.shl (local.get $number) (i32.const 2)))))
          (i32.store offset=4 (local.get $hit) (local.get $place))
          (global.set $count (i32.add (global.get $count) (i32.const 1)))
          (global.set $left (i32.sub (global.get $left) (i32.const 1)))
          (if (i32.eqz (global.get $left)) (then (return (i32.const 2)))))
        (local.set $entry (i32.add (local.get $entry) (i32.const 16)))
        (br $next)))
    (if (i32.gt_u (local.get $told) (local.get $untold)) (then (global.set $quiet (local.get $word))))
    (i32.const 1))

  ;; Compares the whole pattern, 16 octets a turn: what must agree is masked, and nothing must behind its end.
  (func $isThere (param $number i32) (param $start i32) (param $length i32) (result i32)
    (local $piece i32) (local $stop i32)
    (local.set $piece (i32.add (global.get $base) (i32.load
      (i32.add (i32.add (global.get $base) (i32.load offset=16 (global.get $base))) (i32.shl (local.get $number) (i32.const 2))))))
    (local.set $stop (i32.add (local.get $start) (local.get $length)))
    (loop $next
      (if (v128.any_true (v128.and
            (v128.xor (v128.load (local.get $start)) (v128.load (local.get $piece)))
            (v128.load offset=16 (local.get $piece))))
        (then (return (i32.const 0))))
      (local.set $piece (i32.add (local.get $piece) (i32.const 32)))
      (local.set $start (i32.add (local.get $start) (i32.const 16)))
      (br_if $next (i32.lt_u (local.get $start) (local.get $stop))))
    (i32.const 1)))
