package blackhole.orchestrator.pressure;

/** What may press on an instance. */
public enum SignalKind {
  /** Resident memory, near {@code max_memory}. */
  MEMORY("memory pressure: ", "memory pressure is over: ", true),
  /** What a collection of the old generation left, near the size of the heap. */
  HEAP("heap pressure: ", "heap pressure is over: ", true),
  /** CPU time, near {@code max_cpu}, or all that the machine has. */
  CPU("CPU pressure: ", "CPU pressure is over: ", false),
  /** Kept from running by the CPU quota. */
  THROTTLED("throttled by its CPU quota: ", "no more throttled by its CPU quota: ", false),
  /** The kernel has killed a process of its group. */
  KILLED_FOR_MEMORY("killed for memory: ", "no more killed for memory: ", false),
  /** The machine itself has no memory left. */
  MACHINE_MEMORY(
      "the machine is short of memory: ", "the machine is no more short of memory: ", true);

  private final String begun;
  private final String over;
  private final boolean eased;

  SignalKind(String begun, String over, boolean eased) {
    this.begun = begun;
    this.over = over;
    this.eased = eased;
  }

  /** Whether a collection of garbage may help, or tell whether it still holds. */
  boolean isEasedByCollection() {
    return eased;
  }

  String begun(String fact) {
    return begun + fact;
  }

  String over(String fact) {
    return over + fact;
  }
}
