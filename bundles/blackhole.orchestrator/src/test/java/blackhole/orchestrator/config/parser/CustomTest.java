package blackhole.orchestrator.config.parser;

import static blackhole.orchestrator.config.parser.Configs.errors;
import static blackhole.orchestrator.config.parser.Configs.valid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code custom:}, which becomes a component's typed configuration. */
class CustomTest {
  private static Map<String, Object> custom(String body) {
    return valid("services:\n  identity:\n    custom: {" + body + "}\n")
        .services()
        .get("identity")
        .custom();
  }

  @Test
  void scalars_have_the_type_that_they_look_like() {
    assertThat(custom("a: text, b: true, c: 20, d: 0.5, e: -3, f: 0x10, g: 1e3, h: no"))
        .containsExactly(
            entry("a", "text"),
            entry("b", true),
            entry("c", 20L),
            entry("d", 0.5),
            entry("e", -3L),
            entry("f", 16L),
            entry("g", 1000.0),
            entry("h", "no"));
  }

  @Test
  void sizes_are_bytes_and_durations_milliseconds() {
    assertThat(custom("a: 64MB, b: 2K, c: 5m, d: 250ms, e: 7d, f: 9223372036854775807B"))
        .containsExactly(
            entry("a", 64L << 20),
            entry("b", 2048L),
            entry("c", 300_000L),
            entry("d", 250L),
            entry("e", 604_800_000L),
            entry("f", Long.MAX_VALUE));
  }

  @Test
  void quotes_keep_text_as_it_is() {
    assertThat(custom("a: \"64MB\", b: '5m', c: \"20\", d: 'true', e: \"\", f: 64mb"))
        .containsExactly(
            entry("a", "64MB"),
            entry("b", "5m"),
            entry("c", "20"),
            entry("d", "true"),
            entry("e", ""),
            entry("f", "64mb"));
  }

  @Test
  void lists_hold_any_of_these() {
    assertThat(custom("a: [1, two, 3s, \"4s\"], b: []"))
        .containsExactly(entry("a", List.of(1L, "two", 3000L, "4s")), entry("b", List.of()));
  }

  @Test
  void the_order_is_that_of_the_file() {
    assertThat(custom("z: 1, a: 2, m.x-y: 3").keySet()).containsExactly("z", "a", "m.x-y");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{b: 1}  | 3:17 | a mapping is not allowed here, expected text, a number, a size, a duration, true or false, or a list of these",
        "[[1]]   | 3:18 | a list is not allowed here, expected text, a number, a size, a duration, true or false, or a list of these",
        "[{b: 1}] | 3:18 | a mapping is not allowed here, expected text, a number, a size, a duration, true or false, or a list of these",
        "~       | 3:17 | has no value, expected text, a number, a size, a duration, true or false, or a list of these (or leave the key out)",
        "99999999999999999999 | 3:17 | 99999999999999999999 is out of range, expected a whole number of 64 bits, or quotes",
        "99999999999GB | 3:17 | 99999999999GB is too large, expected a size below 8589934592GB, or quotes",
        "9223372036854775807d | 3:17 | 9223372036854775807d is too long, expected fewer milliseconds than 2^63, or quotes",
        ".nan    | 3:17 | .nan is not a finite number, expected a number, or quotes",
      })
  void what_no_component_could_take(String value, String position, String message) {
    assertThat(errors("services:\n  identity:\n    custom: {a: " + value + "}\n"))
        .containsExactly("n.yaml:" + position + " services.identity.custom.a: " + message);
  }

  @Test
  void names_that_no_component_could_have() {
    assertThat(errors("services:\n  identity:\n    custom: {1a: 1}\n"))
        .containsExactly(
            "n.yaml:3:14 services.identity.custom.1a: \"1a\" can't be a name here, expected a name"
                + " of letters, digits, underscores, dots and hyphens (at most 128)");
  }
}
