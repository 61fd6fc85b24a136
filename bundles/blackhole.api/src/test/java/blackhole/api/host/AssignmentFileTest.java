package blackhole.api.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssignmentFileTest {
  @TempDir Path directory;
  Path file;

  @BeforeEach
  void name() {
    file = directory.resolve("identity-1.assignment");
  }

  @Test
  void everythingComesBack() throws IOException {
    Assignment full =
        assignment(
            OptionalInt.of(50001),
            List.of(Path.of("/lib/a.jar"), Path.of("/lib/b c/é.jar")),
            Map.of(
                "cache_size",
                67108864L,
                "ratio",
                0.1,
                "strict",
                false,
                "name",
                "x",
                "list",
                List.of("a,b", 1L, -0.0, true, "")),
            Optional.of(Path.of("/home/data/identity")));

    AssignmentFile.write(file, full);

    assertThat(AssignmentFile.read(file)).isEqualTo(full);
  }

  @Test
  void whatIsOptionalMayBeLeftOut() throws IOException {
    Assignment bare = assignment(OptionalInt.empty(), List.of(), Map.of(), Optional.empty());

    AssignmentFile.write(file, bare);

    assertThat(AssignmentFile.read(file)).isEqualTo(bare);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "=",
        "a=b",
        "\\",
        "\\\\n",
        "line\nbreak",
        "\r\n",
        "\t",
        ",",
        "a\\,b",
        ":",
        "long:1",
        "#",
        "ı İ ß 漢 😀",
        "\u0000",
        "\u2028",
        "\uFEFF"
      })
  void anyTextComesBackAsKeyAsValueAndInAList(String text) throws IOException {
    Assignment odd =
        assignment(
            OptionalInt.empty(),
            List.of(),
            Map.of("k" + text, text, "list", List.of(text, text)),
            Optional.empty());

    AssignmentFile.write(file, odd);

    assertThat(AssignmentFile.read(file)).isEqualTo(odd);
  }

  @Test
  void extremesOfNumbersComeBack() throws IOException {
    Assignment numbers =
        assignment(
            OptionalInt.empty(),
            List.of(),
            Map.of(
                "a", Long.MIN_VALUE,
                "b", Double.MIN_VALUE,
                "c", Double.NaN,
                "d", Double.NEGATIVE_INFINITY,
                "e", List.of(),
                "f", List.of("")),
            Optional.empty());

    AssignmentFile.write(file, numbers);

    assertThat(AssignmentFile.read(file)).isEqualTo(numbers);
  }

  @Test
  void onlyTheOwnerReadsItAndNothingElseIsLeft() throws IOException {
    Files.writeString(file, "older");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));

    AssignmentFile.write(file, plain());

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aTypeThatCannotBeWrittenIsRefusedAndTheOldFileStays() throws IOException {
    AssignmentFile.write(file, plain());
    Assignment wrong =
        assignment(OptionalInt.empty(), List.of(), Map.of("size", 1), Optional.empty());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> AssignmentFile.write(file, wrong))
        .withMessage("a setting cannot be a java.lang.Integer: 1");
    assertThat(AssignmentFile.read(file)).isEqualTo(plain());
  }

  @Test
  void aListInAListIsRefused() {
    Assignment nested =
        assignment(
            OptionalInt.empty(), List.of(), Map.of("l", List.of(List.of())), Optional.empty());

    assertThatIllegalArgumentException().isThrownBy(() -> AssignmentFile.write(file, nested));
  }

  @Test
  void problemsNameFileLineAndKey() throws IOException {
    assertProblem(text -> text.replace("instance=1\n", "instance=one\n"), ":6: instance: 'one' is");
    assertProblem(text -> text.replace("service=identity\n", ""), ": service is missing");
    assertProblem(text -> text + "colour=red\n", ": colour is not a key of an assignment");
    assertProblem(text -> text + "home=/b\n", ": home stands on line 3 already");
    assertProblem(text -> text + "hello\n", ": expected key=value");
    assertProblem(text -> text + "a\\=b\n", ": expected key=value");
    assertProblem(text -> text.replace("format=1", "format=2"), ": format 2 is not known");
    assertProblem(text -> text.replace("PT30S", "soon"), "'soon' is not an ISO 8601 duration");
    assertProblem(text -> text.replace("long:64", "long:x"), "'long:x' is not a whole number");
    assertProblem(text -> text.replace("long:64", "int:64"), "'int:64' has an unknown type");
    assertProblem(text -> text.replace("long:64", "boolean:yes"), "is neither true nor false");
    assertProblem(text -> text.replace("long:64", "64"), "'64' has no type");
    assertProblem(text -> text.replace("long:64", "list:long:64"), "in the middle of a list");
    assertProblem(text -> text.replace("long:64", "list:64,"), "an element without a type");
    assertProblem(text -> text.replace("long:64", "string:a\\"), "a backslash stands at the end");
  }

  @Test
  void aFileCutShortAnywhereIsRefused() throws IOException {
    AssignmentFile.write(file, plain());
    String whole = Files.readString(file);
    for (int length = 0; length < whole.length(); length++) {
      Files.writeString(file, whole.substring(0, length));
      assertThatIOException()
          .isThrownBy(() -> AssignmentFile.read(file))
          .withMessageStartingWith(file + ":");
    }
  }

  @Test
  void whatIsNotTextIsRefused() throws IOException {
    Files.write(file, new byte[] {(byte) 0xFF, 0, 1});
    assertThatIOException()
        .isThrownBy(() -> AssignmentFile.read(file))
        .withMessage(file + ": not an assignment (it is not UTF-8 text)");
  }

  private void assertProblem(UnaryOperator<String> spoil, String message) throws IOException {
    AssignmentFile.write(file, plain());
    String good = Files.readString(file);
    String spoilt = spoil.apply(good);
    assertThat(spoilt).as("the case changes the file").isNotEqualTo(good);
    Files.writeString(file, spoilt);
    assertThatIOException()
        .isThrownBy(() -> AssignmentFile.read(file))
        .withMessageStartingWith(file + ":")
        .withMessageContaining(message);
  }

  private static Assignment plain() {
    return assignment(OptionalInt.empty(), List.of(), Map.of("size", 64L), Optional.empty());
  }

  private static Assignment assignment(
      OptionalInt port, List<Path> bundles, Map<String, Object> custom, Optional<Path> data) {
    Path home = Path.of("/tmp/my home/ünï");
    return new Assignment(
        "identity-1-k3v9",
        home,
        "node-a",
        "identity",
        1,
        home.resolve("run/identity-1.4.sock"),
        home.resolve("run/identity-1.sock"),
        port,
        bundles,
        "blackhole.identity",
        custom,
        data,
        Optional.of(home.resolve("run/node.sock")),
        home.resolve("log/identity-1.log"),
        Optional.empty(),
        Optional.empty(),
        10 << 20,
        OptionalInt.empty(),
        Duration.ofSeconds(30),
        Duration.ofMillis(60_001));
  }
}
