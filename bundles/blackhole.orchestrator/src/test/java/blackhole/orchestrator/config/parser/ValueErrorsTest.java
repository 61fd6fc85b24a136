package blackhole.orchestrator.config.parser;

import static blackhole.orchestrator.config.parser.Configs.errors;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Single values and keys that are wrong in themselves. */
class ValueErrorsTest {
  private static final String SIZE = "a size such as 64KB, 512MB or 1GB, from 192MB to 1024GB";
  private static final String DURATION = "a duration such as 500ms, 30s or 5m, from 1ms to 365d";

  /** Of the key {@code key} in the stanza of identity. */
  private static String errorOf(String key, String value) {
    String name = key.substring(key.lastIndexOf('.') + 1);
    String section = key.contains(".") ? key.substring(0, key.indexOf('.')) + ": " : "";
    String yaml =
        section.isEmpty()
            ? "services:\n  identity:\n    " + name + ": " + value + "\n"
            : "services:\n  identity:\n    " + section + "{" + name + ": " + value + "}\n";
    int column = section.isEmpty() ? name.length() + 7 : section.length() + name.length() + 8;
    column -= value.isEmpty() ? 1 : 0; // nothing stands right behind the colon
    String prefix = "n.yaml:3:" + column + " services.identity." + key + ": ";
    assertThat(errors(yaml)).singleElement().asString().startsWith(prefix);
    return errors(yaml).get(0).substring(prefix.length());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0        | 0 is out of range",
        "65536    | 65536 is out of range",
        "-1       | -1 is out of range",
        "99999999999999999999 | 99999999999999999999 is out of range",
        "1e3      | 1e3 is not a whole number",
        "50001.0  | 50001.0 is not a whole number",
        "no       | no is not a whole number",
        "''       | \"\" is not a whole number",
        "1_000    | 1_000 is not a whole number",
      })
  void a_port(String value, String wrong) {
    assertThat(errorOf("port", value.isEmpty() ? "\"\"" : value))
        .isEqualTo(wrong + ", expected a whole number from 1 to 65535");
  }

  @Test
  void a_number_in_quotes() {
    assertThat(errorOf("port", "\"10\""))
        .isEqualTo("\"10\" is a string, expected a whole number from 1 to 65535, without quotes");
    assertThat(errorOf("resource_limits.max_cpu", "'0.5'"))
        .isEqualTo("\"0.5\" is a string, expected a number above 0, up to 4096, without quotes");
  }

  @Test
  void a_value_that_is_missing() {
    assertThat(errorOf("port", ""))
        .isEqualTo("has no value, expected a whole number from 1 to 65535 (or leave the key out)");
    assertThat(errorOf("enabled", "null"))
        .isEqualTo("has no value, expected true or false (or leave the key out)");
    assertThat(errorOf("depends_on", "~"))
        .isEqualTo(
            "has no value, expected a list of services such as [identity, storage] (or leave the key"
                + " out)");
  }

  @Test
  void a_collection_for_a_scalar_and_the_reverse() {
    assertThat(errorOf("port", "[1, 2]"))
        .isEqualTo("a list is not allowed here, expected a whole number from 1 to 65535");
    assertThat(errorOf("port", "{a: 1}"))
        .isEqualTo("a mapping is not allowed here, expected a whole number from 1 to 65535");
    assertThat(errorOf("depends_on", "identity"))
        .isEqualTo(
            "identity is not a list, expected a list of services such as [identity, storage]");
    assertThat(errorOf("restart_policy", "5"))
        .isEqualTo(
            "5 is not a mapping, expected the keys max_restarts, restart_delay, backoff_factor,"
                + " max_backoff, jitter, window");
    assertThat(errorOf("custom", "[a]"))
        .isEqualTo("a list is not a mapping, expected names with a value each");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no    | no is a string in YAML 1.2, expected false",
        "off   | off is a string in YAML 1.2, expected false",
        "on    | on is a string in YAML 1.2, expected true",
        "Yes   | Yes is a string in YAML 1.2, expected true",
        "1     | 1 is neither true nor false, expected true or false",
        "maybe | maybe is neither true nor false, expected true or false",
      })
  void a_flag(String value, String message) {
    assertThat(errorOf("enabled", value)).isEqualTo(message);
  }

  @Test
  void a_flag_in_quotes() {
    assertThat(errorOf("enabled", "\"true\""))
        .isEqualTo("\"true\" is a string, expected true or false, without quotes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "512        | 512 has no unit, expected " + SIZE,
        "1e9        | 1e9 has no unit, expected " + SIZE,
        "-512MB     | -512MB is negative, expected " + SIZE,
        "1.5GB      | 1.5GB is not a size, expected " + SIZE,
        "512 MB     | 512 MB is not a size, expected " + SIZE,
        "512XB      | 512XB is not a size, expected " + SIZE,
        "much       | much is not a size, expected " + SIZE,
        "true       | true is not a size, expected " + SIZE,
        "512mb      | 512mb is not a size, expected 512MB (units are upper case)",
        "2000GB     | 2000GB is too large, expected at most 1024GB",
        "99999999999GB | 99999999999GB is too large, expected at most 1024GB",
        "99999999999999999999B | 99999999999999999999B is too large, expected at most 1024GB",
        "0MB        | 0MB is too small, expected at least 192MB, the least that a JVM with a gRPC server runs in",
        "191MB      | 191MB is too small, expected at least 192MB, the least that a JVM with a gRPC server runs in",
      })
  void a_size(String value, String message) {
    assertThat(errorOf("resource_limits.max_memory", value)).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "30       | 30 has no unit, expected " + DURATION,
        "0        | 0 has no unit, expected " + DURATION,
        "1e3      | 1e3 has no unit, expected " + DURATION,
        "-5s      | -5s is negative, expected " + DURATION,
        "5 s      | 5 s is not a duration, expected " + DURATION,
        "1.5s     | 1.5s is not a duration, expected " + DURATION,
        "1m30s    | 1m30s is not a duration, expected " + DURATION,
        "5S       | 5S is not a duration, expected 5s (units are lower case)",
        "0s       | 0s is too short, expected at least 1ms",
        "366d     | 366d is too long, expected at most 365d",
        "9223372036854775807d | 9223372036854775807d is too long, expected at most 365d",
        "9223372036854775808s | 9223372036854775808s is too long, expected at most 365d",
      })
  void a_duration(String value, String message) {
    assertThat(errorOf("restart_policy.restart_delay", value)).isEqualTo(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "20    | 20 is out of range",
        "-0.1  | -0.1 is out of range",
        "101%  | 101% is out of range",
        "-1%   | -1% is out of range",
        "a lot | a lot is not a fraction",
        ".nan  | .nan is not a fraction",
      })
  void a_fraction(String value, String wrong) {
    assertThat(errorOf("restart_policy.jitter", value))
        .isEqualTo(wrong + ", expected a percentage from 0% to 100%, or a fraction from 0 to 1");
  }

  @ParameterizedTest
  @CsvSource({"0", "0%", "0.0"})
  void a_threshold_of_nothing(String value) {
    assertThat(errorOf("scaling.cpu_scale_threshold", value))
        .isEqualTo(
            value
                + " is out of range, expected a percentage above 0% and up to 100%, or a fraction"
                + " above 0 and up to 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0.9   | 0.9 is out of range",
        "-2    | -2 is out of range",
        "1e400 | 1e400 is not a number",
        ".inf  | .inf is not a number",
        "two   | two is not a number",
      })
  void a_factor(String value, String wrong) {
    assertThat(errorOf("restart_policy.backoff_factor", value))
        .isEqualTo(wrong + ", expected a number from 1 to 100");
  }

  @Test
  void numbers_of_other_keys() {
    assertThat(errorOf("resource_limits.io_priority", "-21"))
        .isEqualTo("-21 is out of range, expected a whole number from -20 to 19");
    assertThat(errorOf("resource_limits.io_priority", "20"))
        .isEqualTo("20 is out of range, expected a whole number from -20 to 19");
    assertThat(errorOf("resource_limits.max_cpu", "0"))
        .isEqualTo("0 is out of range, expected a number above 0, up to 4096");
    assertThat(errorOf("instances", "0"))
        .isEqualTo("0 is out of range, expected a whole number from 1 to 1000");
    assertThat(errorOf("grpc.max_message_size", "2GB"))
        .isEqualTo("2GB is too large, expected at most 2047MB");
    assertThat(errorOf("circuit_breaker.failure_threshold", "0"))
        .isEqualTo("0 is out of range, expected a whole number from 1 to 100000");
  }

  @Test
  void a_choice() {
    assertThat(errorOf("remote_fallback", "alway"))
        .isEqualTo(
            "alway is not a choice here, expected never, reads or always; did you mean always?");
    assertThat(errorOf("remote_fallback", "true"))
        .isEqualTo("true is not a choice here, expected never, reads or always");
  }

  @Test
  void text_that_is_a_number_or_of_another_form() {
    assertThat(errors("node: {id: 42}\nservices: {identity: {}}\n"))
        .containsExactly(
            "n.yaml:1:12 node.id: 42 is a number, expected letters, digits, dots, hyphens and"
                + " underscores (at most 63), in quotes");
    assertThat(errorOf("unix_socket", "identity.sock"))
        .isEqualTo("identity.sock is not valid here, expected an absolute path of a file");
  }

  @Test
  void every_element_of_a_list() {
    assertThat(
            errors(
                "services:\n  identity:\n    jvm_args:\n      - \"\"\n      - -Xss1m\n      - 5\n"))
        .containsExactly(
            "n.yaml:4:9 services.identity.jvm_args: \"\" is empty, expected an argument for the"
                + " JVM, such as -Xss1m",
            "n.yaml:6:9 services.identity.jvm_args: 5 is a number, expected an argument for the"
                + " JVM, such as -Xss1m, in quotes");
  }

  @Test
  void a_list_without_end() {
    assertThat(errorOf("jvm_args", "[" + "x,".repeat(1000) + "x]"))
        .isEqualTo("has 1001 elements, expected at most 1000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"!!java.net.URL [x]", "!!javax.script.ScriptEngineManager {}", "!x 5"})
  void tags(String value) {
    String tag = value.substring(0, value.indexOf(' '));
    assertThat(errorOf("port", value))
        .isEqualTo("has the tag " + tag + ", expected a value without a tag");
    assertThat(errorOf("custom.x", value))
        .isEqualTo("has the tag " + tag + ", expected a value without a tag");
  }

  @Test
  void a_tag_that_makes_text_a_number_or_hides_a_section() {
    assertThat(errorOf("port", "!!int \"5\""))
        .isEqualTo("has the tag !!int, expected a value without a tag");
    assertThat(errorOf("grpc", "!!set {timeout}"))
        .isEqualTo("has the tag !!set, expected a value without a tag");
  }
}
