package blackhole.ledger.store;

/**
 * Bytes that are not what was recorded.
 *
 * @param file its name in the data directory
 * @param offset where in the file the entry begins
 * @param entry its index
 * @param description what is wrong with it
 */
public record Damage(String file, long offset, long entry, String description) {
  /** For people. */
  @Override
  public String toString() {
    return file + " is damaged at byte " + offset + ": entry " + entry + ", " + description;
  }
}
