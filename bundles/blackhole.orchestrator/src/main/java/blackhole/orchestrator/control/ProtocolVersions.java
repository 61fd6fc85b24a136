package blackhole.orchestrator.control;

/**
 * The versions of the control protocol that this orchestrator speaks: its own, and the one before,
 * so that hosts of the last release can be taken over.
 */
record ProtocolVersions(int oldest, int newest) {
  static final ProtocolVersions SUPPORTED = upTo(1);

  /** This version, and the one before it if there was one. */
  static ProtocolVersions upTo(int newest) {
    return new ProtocolVersions(Math.max(1, newest - 1), newest);
  }

  boolean support(int version) {
    return version >= oldest && version <= newest;
  }

  @Override
  public String toString() {
    return oldest == newest ? "version " + newest : "versions " + oldest + " to " + newest;
  }
}
