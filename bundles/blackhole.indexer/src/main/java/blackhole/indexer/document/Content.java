package blackhole.indexer.document;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * What can be found of a blob.
 *
 * @param text what is searched, and shown in snippets; of JSON a line for each value
 * @param values the values of a JSON document, each with its path
 */
public record Content(Kind kind, String text, List<JsonValue> values) {
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  /**
   * Reads a blob. Storage doesn't know what its blobs are, so their bytes tell: what is a JSON
   * object or array is JSON, other UTF-8 without control characters is text.
   *
   * @return empty for what is neither
   */
  public static Optional<Content> of(byte[] bytes) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
    if (!text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK) {
      text = text.substring(1);
    }
    if (text.chars().anyMatch(Content::isBinary)) {
      return Optional.empty();
    }
    Optional<Content> json = JsonDocument.read(text);
    return json.isPresent() ? json : Optional.of(new Content(Kind.TEXT, text, List.of()));
  }

  private static boolean isBinary(int c) {
    return c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f';
  }
}
