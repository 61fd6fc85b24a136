package blackhole.shell.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads and writes the fields of a payload: integers, and strings in UTF-8 with their length. */
final class Payload {
  private Payload() {}

  /** Collects fields. */
  static final class Writer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Writer version() {
      out.write(FrameChannel.VERSION);
      return this;
    }

    Writer number(int value) {
      out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(value).array());
      return this;
    }

    Writer flag(boolean value) {
      out.write(value ? 1 : 0);
      return this;
    }

    Writer texts(List<String> values) {
      number(values.size());
      values.forEach(this::text);
      return this;
    }

    Writer text(String value) {
      byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
      number(bytes.length);
      out.writeBytes(bytes);
      return this;
    }

    Frame frame(FrameType type) {
      return new Frame(type, out.toByteArray());
    }
  }

  /**
   * Takes fields out again, in the same order. Fields that a later client appended are not looked
   * at, so a version may grow at its end.
   */
  static final class Reader {
    private final ByteBuffer in;

    Reader(Frame frame, FrameType expected) throws ProtocolException {
      if (frame.type() != expected) {
        throw new ProtocolException("expected " + expected + ", got " + frame.type());
      }
      in = ByteBuffer.wrap(frame.payload());
    }

    Reader version() throws ProtocolException {
      need(1);
      byte version = in.get();
      if (version != FrameChannel.VERSION) {
        throw new ProtocolException(
            "the client speaks version "
                + version
                + " of the shell's protocol, this node version "
                + FrameChannel.VERSION
                + "; use the launcher.jar that the node was started with");
      }
      return this;
    }

    int number() throws ProtocolException {
      need(Integer.BYTES);
      return in.getInt();
    }

    boolean flag() throws ProtocolException {
      need(1);
      return in.get() != 0;
    }

    String text() throws ProtocolException {
      int length = number();
      if (length < 0) {
        throw new ProtocolException("a text of negative length");
      }
      need(length);
      byte[] bytes = new byte[length];
      in.get(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }

    List<String> texts() throws ProtocolException {
      int count = number();
      // each has a length at least, so a count beyond that is a lie that no list is made for
      if (count < 0 || count > in.remaining() / Integer.BYTES) {
        throw new ProtocolException("a list of " + count + " texts");
      }
      List<String> values = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        values.add(text());
      }
      return values;
    }

    private void need(int bytes) throws ProtocolException {
      if (in.remaining() < bytes) {
        throw new ProtocolException("a payload that ends too early");
      }
    }
  }
}
