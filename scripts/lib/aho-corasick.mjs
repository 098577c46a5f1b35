// A plain Aho-Corasick automaton with all transitions filled in: what the prefilter is compared with. Case counts.
export class AhoCorasick {
  /** States × 256 next states, times 256; the sign bit says that a pattern ends there. */
  #next;

  constructor(patterns) {
    const most = patterns.reduce((sum, { octets }) => sum + octets.length, 1);
    let next = new Int32Array(most * 256);
    const ends = new Uint8Array(most);
    let states = 1;
    for (const { octets } of patterns) {
      let state = 0;
      for (const octet of octets) state = next[state * 256 + octet] ||= states++;
      ends[state] = 1;
    }
    next = next.slice(0, states * 256);
    const fail = new Int32Array(states);
    const queue = [];
    for (let octet = 0; octet < 256; octet++) if (next[octet] !== 0) queue.push(next[octet]);
    for (let i = 0; i < queue.length; i++) {
      const state = queue[i];
      ends[state] |= ends[fail[state]];
      for (let octet = 0; octet < 256; octet++) {
        const to = next[state * 256 + octet];
        const back = next[fail[state] * 256 + octet];
        if (to === 0) next[state * 256 + octet] = back;
        else {
          fail[to] = back;
          queue.push(to);
        }
      }
    }
    for (let i = 0; i < next.length; i++) next[i] = (next[i] << 8) | (ends[next[i]] << 31);
    this.#next = next;
  }

  get octets() {
    return this.#next.byteLength;
  }

  /** Places in the window at which a pattern ends. */
  scan(buf, off, end) {
    const next = this.#next;
    let state = 0;
    let found = 0;
    for (let i = off; i < end; i++) {
      const to = next[state + buf[i]];
      state = to & 0x7fff_ffff;
      found += to >>> 31;
    }
    return found;
  }
}
