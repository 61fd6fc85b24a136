package blackhole.analytics.count;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads one field of an event's message by its number, without the message's type: which field, is
 * said for each type of event. Immutable.
 */
public final class PayloadFields {
  private static final Pattern ENTRY = Pattern.compile("([a-z0-9_.-]{1,200})=([1-9][0-9]{0,8})");
  private static final int MAX_FIELD_NUMBER = (1 << 29) - 1;

  private final Map<String, Integer> fields;

  private PayloadFields(Map<String, Integer> fields) {
    this.fields = Map.copyOf(fields);
  }

  /**
   * Reads which field is that of which type.
   *
   * @param entries of the form {@code type=number}
   * @throws IllegalArgumentException naming an entry that is of another form
   */
  public static PayloadFields parse(List<String> entries) {
    Map<String, Integer> fields = new HashMap<>();
    for (String entry : entries) {
      Matcher matcher = ENTRY.matcher(entry);
      if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > MAX_FIELD_NUMBER) {
        throw new IllegalArgumentException(
            "'" + entry + "', but must be an event's type, =, and the number of a field");
      }
      if (fields.put(matcher.group(1), Integer.valueOf(matcher.group(2))) != null) {
        throw new IllegalArgumentException("two fields for " + matcher.group(1));
      }
    }
    return new PayloadFields(fields);
  }

  /** The field's text, bytes or whole number as text; empty if there is none, or no message. */
  public Optional<String> text(String type, ByteString message) {
    Object value = find(type, message);
    if (value instanceof ByteString bytes) {
      return Optional.of(bytes.toStringUtf8());
    }
    return value instanceof Long number ? Optional.of(number.toString()) : Optional.empty();
  }

  /**
   * The field's number. A varint is read as int64, 64 bits as a double and 32 bits as a float; a
   * field that has its default value is not in a message of proto3, so none is 0.
   */
  public OptionalDouble number(String type, ByteString message) {
    if (!fields.containsKey(type)) {
      return OptionalDouble.empty();
    }
    Object value = find(type, message);
    if (value == null) {
      return OptionalDouble.of(0);
    }
    double number = value instanceof Number n ? n.doubleValue() : Double.NaN;
    return Double.isNaN(number) ? OptionalDouble.empty() : OptionalDouble.of(number);
  }

  /** The last one counts, as everywhere in protobuf. */
  private @Nullable Object find(String type, ByteString message) {
    Integer wanted = fields.get(type);
    if (wanted == null) {
      return null;
    }
    Object found = null;
    try {
      CodedInputStream in = message.newCodedInput();
      for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
        if (WireFormat.getTagFieldNumber(tag) == wanted) {
          found = value(in, tag);
        } else {
          in.skipField(tag);
        }
      }
      return found;
    } catch (IOException e) {
      return Double.NaN; // it is no message, which is its publisher's business
    }
  }

  private static Object value(CodedInputStream in, int tag) throws IOException {
    return switch (WireFormat.getTagWireType(tag)) {
      case WireFormat.WIRETYPE_VARINT -> (Object) in.readInt64();
      case WireFormat.WIRETYPE_FIXED64 -> (Object) in.readDouble();
      case WireFormat.WIRETYPE_FIXED32 -> (Object) (double) in.readFloat();
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> in.readBytes();
      default -> {
        in.skipField(tag);
        yield Double.NaN;
      }
    };
  }
}
