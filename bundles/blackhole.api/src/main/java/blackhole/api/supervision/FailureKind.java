package blackhole.api.supervision;

/**
 * Why a process ended that nobody had asked to, for programs; {@link Failure#cause} says it all.
 */
public enum FailureKind {
  /** By an exit code of its own. */
  EXITED,
  /** By a signal from outside; who sent it cannot be known. */
  KILLED,
  /** By a fault in native code or in the JVM. */
  CRASHED,
  /** By the kernel, for the memory limit of its group. */
  CGROUP_OUT_OF_MEMORY,
  HEAP_OUT_OF_MEMORY,
  METASPACE_OUT_OF_MEMORY,
  DIRECT_OUT_OF_MEMORY,
  /** Of another kind: what the system would not give, for example. */
  OUT_OF_MEMORY,
  OUT_OF_THREADS,
  OUT_OF_FILES,
  /** By us: it did not answer health checks. */
  HUNG,
  /** By us: it was not ready in time. */
  START_TIMEOUT,
  /** It said that it cannot start, and why. */
  START_FAILED,
  /** There never was a process. */
  NOT_SPAWNED,
  /** It drained first, though nobody of this node had asked; mostly a SIGTERM from outside. */
  DRAINED,
  /** Nothing is known. */
  UNKNOWN
}
