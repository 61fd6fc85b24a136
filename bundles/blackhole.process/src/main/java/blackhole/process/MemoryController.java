package blackhole.process;

/** Limits the memory of a group. */
interface MemoryController {
  String NAME = "memory";

  static MemoryController of(Hierarchy.Version version) {
    return version == Hierarchy.Version.V1 ? new MemoryV1() : new MemoryV2();
  }

  Outcome limit(Controls group, long bytes);

  Outcome softLimit(Controls group, long bytes);

  /** How many processes of the group the kernel has killed for want of memory. */
  long kills(Controls group);

  /** Has the group been at its own limit? Else a kill was for want of memory elsewhere. */
  boolean reachedLimit(Controls group);
}
