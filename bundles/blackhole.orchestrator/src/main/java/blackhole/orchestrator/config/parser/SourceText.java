package blackhole.orchestrator.config.parser;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** From bytes to text, before anyone asks whether it is YAML. */
final class SourceText {
  /** A hundred times what a node with all services needs. */
  static final int MAX_BYTES = 1 << 20;

  private SourceText() {}

  /** The text without a byte order mark; empty if there is an error. */
  static Optional<String> decode(byte[] bytes, Problems problems) {
    if (bytes.length > MAX_BYTES) {
      problems.error(Position.START, "file", tooLarge(bytes.length));
      return Optional.empty();
    }
    CharBuffer chars = CharBuffer.allocate(bytes.length);
    CoderResult result =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT)
            .decode(ByteBuffer.wrap(bytes), chars, true);
    chars.flip();
    if (result.isError()) {
      problems.error(
          Position.in(chars, chars.length()), "file", "is not valid UTF-8 here, expected UTF-8");
      return Optional.empty();
    }
    String text = chars.toString();
    return printable(text.startsWith("\ufeff") ? text.substring(1) : text, problems);
  }

  static String tooLarge(long bytes) {
    return "is " + bytes + " bytes long, expected at most " + MAX_BYTES + " (1MB)";
  }

  private static Optional<String> printable(String text, Problems problems) {
    for (int i = 0; i < text.length(); i = text.offsetByCodePoints(i, 1)) {
      if (!StreamReader.isPrintable(text.codePointAt(i))) {
        problems.error(
            Position.in(text, i),
            "file",
            "holds the control character "
                + Quoting.visible(Character.toString(text.codePointAt(i)))
                + ", expected printable text");
        return Optional.empty();
      }
    }
    return Optional.of(text);
  }
}
