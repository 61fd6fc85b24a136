package blackhole.indexer.index;

import java.util.HashMap;
import java.util.Map;

/**
 * How far an index has come. It is written with each commit, so it is never ahead of the documents,
 * and what comes after it is taken in once more at the most.
 *
 * @param position of the last event that was taken in; 0 for none
 * @param generation which building of the index it is, from 1
 * @param complete whether all that storage lists was looked at in this generation
 */
public record Progress(long position, long generation, boolean complete) {
  private static final String FORMAT_KEY = "format";
  private static final String FORMAT = "1";

  /** Of an index that is to be built. */
  static final Progress NONE = new Progress(0, 1, false);

  Progress at(long newPosition) {
    return new Progress(newPosition, generation, complete);
  }

  Progress nextGeneration() {
    return new Progress(0, generation + 1, false);
  }

  Progress completed() {
    return new Progress(position, generation, true);
  }

  Map<String, String> toMap() {
    Map<String, String> map = new HashMap<>();
    map.put(FORMAT_KEY, FORMAT);
    map.put("position", Long.toString(position));
    map.put("generation", Long.toString(generation));
    map.put("complete", Boolean.toString(complete));
    return map;
  }

  /**
   * @param map what was committed; empty for an index that is new
   * @throws IllegalArgumentException if it was written in a format that is not known here
   */
  static Progress of(Map<String, String> map) {
    if (map.isEmpty()) {
      return NONE;
    }
    if (!FORMAT.equals(map.get(FORMAT_KEY))) {
      throw new IllegalArgumentException("the index has the format " + map.get(FORMAT_KEY));
    }
    return new Progress(
        Long.parseLong(map.getOrDefault("position", "0")),
        Long.parseLong(map.getOrDefault("generation", "1")),
        Boolean.parseBoolean(map.get("complete")));
  }
}
