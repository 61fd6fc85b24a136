package blackhole.api.registry;

/** Whether calls go to other nodes while there is no instance on this one. */
public enum RemoteFallback {
  NEVER,
  /** Only methods without side effects. */
  READS,
  ALWAYS
}
