package blackhole.process;

/** Where a controller can be had. */
sealed interface Place {
  record At(Hierarchy hierarchy) implements Place {}

  /**
   * @param reason in words
   */
  record Nowhere(String reason) implements Place {}
}
