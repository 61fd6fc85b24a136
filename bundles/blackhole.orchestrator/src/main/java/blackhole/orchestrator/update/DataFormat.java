package blackhole.orchestrator.update;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.regex.Pattern;

/**
 * In which formats a version keeps data, as its manifest says: {@code Blackhole-Data-Writes} names
 * one, {@code Blackhole-Data-Reads} a list, which is that one alone if it is left out. Nothing is
 * known of a version that says nothing, and nothing is wrong with it.
 *
 * @param writes what its data is after it has run
 * @param reads what it can begin with; empty when that is not known
 */
record DataFormat(Optional<String> writes, Set<String> reads) {
  private static final Pattern COMMA = Pattern.compile(",");

  static DataFormat of(Attributes headers) {
    Set<String> reads = new TreeSet<>();
    names(headers, "Blackhole-Data-Reads", reads);
    Set<String> writes = new TreeSet<>();
    names(headers, "Blackhole-Data-Writes", writes);
    if (reads.isEmpty()) {
      reads.addAll(writes);
    }
    return new DataFormat(writes.stream().findFirst(), Set.copyOf(reads));
  }

  private static void names(Attributes headers, String header, Set<String> names) {
    String value = headers.getValue(header);
    if (value != null) {
      COMMA
          .splitAsStream(value)
          .map(String::strip)
          .filter(name -> !name.isEmpty())
          .forEach(names::add);
    }
  }

  /** Why it cannot go on with what another has left, in words; empty when it can. */
  Optional<String> problemWith(DataFormat other) {
    return other
        .writes()
        .filter(format -> !reads.isEmpty() && !reads.contains(format))
        .map(format -> "data of format " + format + ", not of " + String.join(", ", sorted()));
  }

  private Set<String> sorted() {
    return new TreeSet<>(reads);
  }
}
