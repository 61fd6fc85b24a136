package blackhole.orchestrator.config.parser;

import static blackhole.orchestrator.config.parser.Configs.errors;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is no YAML at all, or more of it than anyone writes. */
class SyntaxErrorsTest {
  private static final String FINE = "services: {identity: {}}\n";

  @Test
  void a_tab_as_indentation() {
    assertThat(errors("services:\n\tidentity: {}\n"))
        .containsExactly("n.yaml:2:1 syntax: a tab is used as white space, expected spaces");
  }

  @Test
  void text_with_a_colon_and_no_quotes() {
    assertThat(errors("services:\n  identity: a: b\n"))
        .containsExactly(
            "n.yaml:2:14 syntax: a \":\" where there can be none, expected one \"key: value\" a"
                + " line, indented like its neighbours, and quotes around text that holds \": \"");
  }

  @Test
  void a_list_that_is_not_closed() {
    assertThat(errors("services:\n  identity:\n    depends_on: [a, b\n    port: 1\n"))
        .containsExactly(
            "n.yaml:4:9 syntax: the list that opens on line 3 goes on here, expected \",\" or"
                + " \"]\"");
  }

  @Test
  void a_mapping_that_is_not_closed() {
    assertThat(errors("services: {identity: {}\n"))
        .containsExactly(
            "n.yaml:2:1 syntax: the mapping that opens on line 1 goes on here, expected \",\" or"
                + " \"}\"");
  }

  @Test
  void quotes_that_are_not_closed() {
    assertThat(errors("node:\n  id: \"x\nservices: {}\n"))
        .containsExactly(
            "n.yaml:4:1 syntax: the text in quotes that begins on line 2 never ends, expected a"
                + " closing quote");
  }

  @Test
  void a_line_without_a_colon() {
    assertThat(errors("services:\n  identity: {}\n  storage\n"))
        .containsExactly(
            "n.yaml:4:1 syntax: a line without \":\" (it begins on line 3), expected \"key:"
                + " value\"");
  }

  @Test
  void wrong_indentation() {
    assertThat(errors("services:\n    identity: {}\n  storage: {}\n"))
        .containsExactly(
            "n.yaml:3:3 syntax: does not belong to the mapping that begins on line 1, expected its"
                + " next \"key: value\" with the same indentation");
    assertThat(errors("services:\n  - identity\n - storage\n"))
        .containsExactly(
            "n.yaml:3:2 syntax: does not belong to the mapping that begins on line 1, expected its"
                + " next \"key: value\" with the same indentation");
    assertThat(errors("- identity\nservices: {}\n"))
        .containsExactly(
            "n.yaml:2:1 syntax: does not belong to the list that begins on line 1, expected its"
                + " next \"- \" or the indentation of a key above it");
    assertThat(errors(" node: {}\nservices: {}\n"))
        .containsExactly(
            "n.yaml:2:1 syntax: is indented less than the first line, expected the same"
                + " indentation");
  }

  @Test
  void characters_that_begin_no_value() {
    assertThat(errors("node: {id: @home}\n"))
        .containsExactly(
            "n.yaml:1:12 syntax: a value can't start with this character, expected quotes around"
                + " it");
    assertThat(errors("node: ]\n"))
        .containsExactly("n.yaml:1:7 syntax: a value is missing here, expected one");
    assertThat(errors("node: {id: \"\\q\"}\n"))
        .containsExactly(
            "n.yaml:1:14 syntax: is no escape sequence of double-quoted text, expected \\\\ for a"
                + " backslash, or single quotes");
  }

  @Test
  void an_alias_of_nothing() {
    assertThat(errors("services: *all\n"))
        .containsExactly(
            "n.yaml:1:11 syntax: an alias of something that is not defined before it, expected an"
                + " anchor (&name)");
  }

  @Test
  void a_reference_without_quotes_where_it_needs_them() {
    assertThat(errors("services: {identity: {custom: {p: ${env:PASSWORD}}}}\n"))
        .containsExactly(
            "n.yaml:1:36 syntax: a reference between braces or brackets, expected quotes around it"
                + " (\"${env:NAME}\")");
    assertThat(errors("services: {identity: {jvm_args: [${env:PASSWORD}]}}\n"))
        .containsExactly(
            "n.yaml:1:35 syntax: a reference between braces or brackets, expected quotes around it"
                + " (\"${env:NAME}\")");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%FOO bar\n%YAML x\n---\na: 1\n",
        "a: |x\n  b\n",
        "a: !e!x 1\n",
        "%YAML 3.0\n---\na: 1\n"
      })
  void anything_else_in_words_of_ours(String yaml) {
    assertThat(errors(yaml))
        .singleElement()
        .asString()
        .matches("n\\.yaml:\\d+:\\d+ syntax: [^\\n]*, expected [^\\n]*")
        .doesNotContain("scan", "token", "snakeyaml", "Exception");
  }

  @Test
  void a_second_document() {
    assertThat(errors(FINE + "---\n" + FINE))
        .containsExactly(
            "n.yaml:2:1 syntax: a second document starts here, expected one document a file");
  }

  @Test
  void nesting_without_end() {
    assertThat(errors("a: " + "[".repeat(100_000)))
        .containsExactly("n.yaml:1:35 syntax: is nested too deeply, expected at most 32 levels");
    assertThat(errors("{a: ".repeat(33) + "}".repeat(33)))
        .containsExactly("n.yaml:1:129 syntax: is nested too deeply, expected at most 32 levels");
  }

  @Test
  void an_alias_bomb() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 40; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    assertThat(errors(bomb.toString()))
        .containsExactly("n.yaml:27:12 syntax: is one alias too many, expected at most 50");
  }

  @Test
  void an_alias_that_holds_itself_is_refused_like_any_wrong_value() {
    assertThat(errors("services:\n  identity: &me\n    depends_on: [*me]\n"))
        .containsExactly(
            "n.yaml:2:13 services.identity.depends_on: a mapping is not allowed here, expected the"
                + " name of a service");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n\n", "# nothing but this\n", "\ufeff", "---\n", "~\n"})
  void an_empty_file(String yaml) {
    assertThat(errors(yaml))
        .singleElement()
        .asString()
        .startsWith("n.yaml:1:1 ")
        .endsWith(", expected at least one service, for example \"services: {identity: {}}\"");
  }

  @Test
  void a_file_that_is_no_mapping() {
    assertThat(errors("just text\n"))
        .containsExactly(
            "n.yaml:1:1 file: just text is not a mapping, expected the keys node, services, remote,"
                + " supervisor");
    assertThat(errors("- a\n- b\n"))
        .containsExactly(
            "n.yaml:1:1 file: a list is not a mapping, expected the keys node, services, remote,"
                + " supervisor");
  }

  @Test
  void a_byte_order_mark_and_windows_line_ends_are_fine() {
    assertThat(errors("\ufeff" + FINE)).isEmpty();
    assertThat(errors("services:\r\n  identity:\r\n    port: 1\r\n")).isEmpty();
    assertThat(errors("\ufeffservices:\r\n  identity:\r\n    prt: 1\r\n"))
        .containsExactly("n.yaml:3:5 services.identity.prt: unknown key, did you mean port?");
  }

  @Test
  void bytes_that_are_not_utf_8() {
    byte[] bytes = "services:\n  é: \u0001".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(parseBytes(bytes))
        .containsExactly("n.yaml:2:3 file: is not valid UTF-8 here, expected UTF-8");
    assertThat(parseBytes(FINE.getBytes(StandardCharsets.UTF_16)))
        .containsExactly("n.yaml:1:1 file: is not valid UTF-8 here, expected UTF-8");
    byte[] cut = {'a', ':', ' ', (byte) 0xc3};
    assertThat(parseBytes(cut))
        .containsExactly("n.yaml:1:4 file: is not valid UTF-8 here, expected UTF-8");
  }

  @Test
  void control_characters() {
    assertThat(errors("services: {}\nnode: \u0000\n"))
        .containsExactly(
            "n.yaml:2:7 file: holds the control character \\u0000, expected printable text");
  }

  @Test
  void ten_megabytes(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("big.yaml");
    byte[] bytes = FINE.repeat(10 * (1 << 20) / FINE.length()).getBytes(StandardCharsets.UTF_8);
    Files.write(file, bytes);
    String refused = " file: is " + bytes.length + " bytes long, expected at most 1048576 (1MB)";
    assertThat(parseFile(file)).containsExactly(file + ":1:1" + refused);
    assertThat(parseBytes(bytes)).containsExactly("n.yaml:1:1" + refused);
  }

  @Test
  void files_that_can_not_be_read(@TempDir Path folder) {
    assertThat(parseFile(folder))
        .containsExactly(folder + ":1:1 file: is a directory, expected a file");
    Path missing = folder.resolve("missing.yaml");
    assertThat(parseFile(missing))
        .containsExactly(missing + ":1:1 file: does not exist, expected a configuration");
  }

  private static List<String> parseFile(Path file) {
    return Configs.parser().parse(file).errors().stream().map(Problem::toString).toList();
  }

  private static List<String> parseBytes(byte[] bytes) {
    return Configs.parser().parse(bytes, "n.yaml", Path.of("/")).errors().stream()
        .map(Problem::toString)
        .toList();
  }
}
