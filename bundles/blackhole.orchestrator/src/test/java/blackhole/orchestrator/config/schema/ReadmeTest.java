package blackhole.orchestrator.config.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The README's table has a row for every key, with its default. */
class ReadmeTest {
  private static final String BEGIN = "<!-- keys: drawn from the schema -->\n";
  private static final String END = "<!-- end of keys -->\n";

  @Test
  void the_table_of_keys_is_that_of_the_schema() throws IOException {
    String readme = Files.readString(Published.README);
    assertThat(readme).containsSubsequence(BEGIN, END);
    String before = readme.substring(0, readme.indexOf(BEGIN) + BEGIN.length());
    String after = readme.substring(readme.indexOf(END));
    Published.holds(Published.README, before + table() + after);
  }

  private static String table() {
    return "| key | default | left out |\n|---|---|---|\n"
        + Schema.keys().stream().map(ReadmeTest::row).collect(Collectors.joining());
  }

  private static String row(Key<?> key) {
    return "| `" + key.path() + "` | " + defaults(key) + " | " + key.absent() + " |\n";
  }

  private static String defaults(Key<?> key) {
    String named =
        new TreeMap<>(key.namedDefaults())
            .entrySet().stream().map(ReadmeTest::named).collect(Collectors.joining(", "));
    String general = key.defaultYaml().map(yaml -> "`" + yaml + "`").orElse("none");
    return named.isEmpty() ? general : general + " (" + named + ")";
  }

  private static String named(Map.Entry<String, String> entry) {
    return "`" + entry.getKey() + "`: `" + entry.getValue() + "`";
  }
}
