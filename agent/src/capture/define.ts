/**
 * Where captured frames go. Called synchronously and often: implementations allocate nothing per frame.
 */
export interface FrameSink {
  /**
   * One frame: octets [off, end) of `buf`, borrowed until {@link flush} returns.
   * `linkType` is the LINKTYPE_ number of the pcap format (1 Ethernet, 101 raw IP, 113 SLL, 276 SLL2, 105/127 802.11 …).
   */
  frame(buf: Uint8Array, off: number, end: number, wireLength: number, linkType: number, atUs: number): void;
  /** The source is about to reuse or drop its buffer, or has nothing more at the moment: finish what is pending. */
  flush(): void;
}

/** What a source counted. All numbers only grow. */
export interface CaptureCounters {
  /** Frames delivered. */
  packets: number;
  /** Frames lost by the kernel, as it says itself. */
  kernelDrops: number;
  /** Records that were skipped because they were damaged. */
  invalid: number;
  /** The file ended inside a record, or went on with garbage. */
  truncated: boolean;
}

export const newCounters = (): CaptureCounters => ({ packets: 0, kernelDrops: 0, invalid: 0, truncated: false });

export interface SourceContext {
  /** One line for a person: a capture that ends early, a helper program that speaks up. */
  warn(message: string): void;
}

/** A running or finished source. */
export interface Source {
  readonly counters: CaptureCounters;
  /** False while what it reads from is not reached yet; absent where nothing has to be reached. */
  readonly isConnected?: boolean;
  /** Delivers frames until the end of the input or until `signal` aborts. Rejects with AgentError when the input cannot be read at all. */
  run(sink: FrameSink, signal: AbortSignal): Promise<void>;
}

/** A kind of source, named in the configuration by `type`. One file in capture/sources each. */
export interface SourceKind<Config> {
  readonly type: string;
  /** Checks the configuration; throws AgentError naming the key at fault. */
  parse(config: Readonly<Record<string, unknown>>): Config;
  open(config: Config, context: SourceContext): Source;
}

export const defineSource = <Config>(kind: SourceKind<Config>): SourceKind<Config> => kind;
