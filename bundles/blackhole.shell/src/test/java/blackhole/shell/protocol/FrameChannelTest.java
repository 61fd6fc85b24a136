package blackhole.shell.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameChannelTest {
  @Test
  void requestsComeBackAsTheyWereSent() throws Exception {
    ExecRequest exec = new ExecRequest("ps | grep 'ï'", "/home/a b", 132);
    CommandRequest command = new CommandRequest(List.of("call", "", "{\"ï\": '$1'}"), 80);
    ShellRequest shell =
        new ShellRequest("xterm-256color", new WindowSize(132, 43), "/home/ö", true);
    WindowSize size = new WindowSize(200, 50);

    Wire wire = new Wire();
    FrameChannel sender = new FrameChannel(wire);
    sender.write(exec.encode());
    sender.write(command.encode());
    sender.write(shell.encode());
    sender.write(size.encode());
    sender.write(Frame.exit(255));

    FrameChannel receiver = new FrameChannel(wire.received());
    assertThat(ExecRequest.decode(receiver.read())).isEqualTo(exec);
    assertThat(CommandRequest.decode(receiver.read())).isEqualTo(command);
    assertThat(ShellRequest.decode(receiver.read())).isEqualTo(shell);
    assertThat(WindowSize.decode(receiver.read())).isEqualTo(size);
    assertThat(receiver.read().exitCode()).isEqualTo(255);
    assertThat(receiver.read()).isNull();
  }

  @Test
  void framesAreReadHoweverTheyAreCut() throws Exception {
    Wire wire = new Wire();
    FrameChannel sender = new FrameChannel(wire);
    sender.write(Frame.text(FrameType.STDOUT, "one"));
    sender.write(Frame.of(FrameType.INTERRUPT));
    sender.write(Frame.text(FrameType.STDERR, "two"));

    FrameChannel receiver = new FrameChannel(wire.received(1));
    assertThat(receiver.read().text()).isEqualTo("one");
    assertThat(receiver.read().type()).isEqualTo(FrameType.INTERRUPT);
    assertThat(receiver.read().text()).isEqualTo("two");
  }

  @ParameterizedTest
  @ValueSource(bytes = {0, 12, 'G', -1})
  void anUnknownKindIsRefused(byte code) {
    FrameChannel receiver = new FrameChannel(new Wire(code, 0, 0, 0, 0).received());
    assertThatThrownBy(receiver::read)
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("unknown kind");
  }

  @Test
  void aLengthBeyondTheBoundIsRefusedUnread() {
    FrameChannel tooLong = new FrameChannel(new Wire(6, 0x7f, 0, 0, 0).received());
    assertThatThrownBy(tooLong::read).hasMessageContaining("over the limit");
    FrameChannel negative = new FrameChannel(new Wire(6, -1, -1, -1, -1).received());
    assertThatThrownBy(negative::read).hasMessageContaining("over the limit");
    assertThatThrownBy(
            () ->
                new FrameChannel(new Wire())
                    .write(
                        new Frame(FrameType.STDOUT, new byte[FrameChannel.MAX_PAYLOAD_BYTES + 1])))
        .hasMessageContaining("over the limit");
  }

  @Test
  void anEndInsideAFrameIsNotAnEndOfTheSession() {
    assertThatThrownBy(new FrameChannel(new Wire(6, 0, 0, 0, 5, 'a').received())::read)
        .hasMessageContaining("ended inside a frame");
    assertThatThrownBy(new FrameChannel(new Wire(6, 0).received())::read)
        .hasMessageContaining("ended inside a frame");
  }

  @Test
  void anotherVersionIsNamed() {
    byte[] payload = new ExecRequest("ps", "/", 0).encode().payload();
    payload[0] = 9;
    assertThatThrownBy(() -> ExecRequest.decode(new Frame(FrameType.EXEC, payload)))
        .isInstanceOf(ProtocolException.class)
        .hasMessageContaining("speaks version 9")
        .hasMessageContaining("this node version 1");
  }

  @Test
  void garbageInsideAPayloadIsRefusedAndNeverBreaksTheReader() {
    Random random = new Random(42);
    for (int i = 0; i < 2000; i++) {
      byte[] payload = new byte[random.nextInt(40)];
      random.nextBytes(payload);
      if (payload.length > 0) {
        payload[0] = FrameChannel.VERSION;
      }
      try {
        ExecRequest.decode(new Frame(FrameType.EXEC, payload));
        ShellRequest.decode(new Frame(FrameType.SHELL, payload));
        CommandRequest.decode(new Frame(FrameType.COMMAND, payload));
      } catch (ProtocolException e) {
        assertThat(e).isNotNull();
      }
    }
  }

  @Test
  void aSizeIsAlwaysUsable() {
    assertThat(WindowSize.of(0, 0)).isEqualTo(WindowSize.DEFAULT);
    assertThat(WindowSize.of(-1, Integer.MAX_VALUE)).isEqualTo(new WindowSize(80, 10_000));
  }

  /** A channel that keeps what is written, and gives it out in small parts. */
  private static final class Wire implements ByteChannel {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private ByteBuffer input = ByteBuffer.allocate(0);
    private int partBytes = Integer.MAX_VALUE;

    Wire(int... bytes) {
      for (int b : bytes) {
        this.bytes.write(b);
      }
    }

    Wire received() {
      return received(Integer.MAX_VALUE);
    }

    Wire received(int partBytes) {
      Wire wire = new Wire();
      wire.input = ByteBuffer.wrap(bytes.toByteArray());
      wire.partBytes = partBytes;
      return wire;
    }

    @Override
    public int read(ByteBuffer target) {
      if (!input.hasRemaining()) {
        return -1;
      }
      int count = Math.min(partBytes, Math.min(target.remaining(), input.remaining()));
      for (int i = 0; i < count; i++) {
        target.put(input.get());
      }
      return count;
    }

    @Override
    public int write(ByteBuffer source) {
      int count = 0;
      while (source.hasRemaining() && count < 3) {
        bytes.write(source.get());
        count++;
      }
      return count;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
