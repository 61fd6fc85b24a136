package blackhole.ledger.entry;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import blackhole.ledger.merkle.Hash;
import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LeafInputTest {
  private static final Hash PREVIOUS = Hash.leaf(new byte[] {1});
  private static final Draft DRAFT =
      new Draft(
          "did:key:ada", "blob.stored", "k-1", "host:störage-1", ByteString.copyFromUtf8("x"));

  private static byte[] input() {
    return LeafInput.encode(7, 1_700_000_000_000L, PREVIOUS, DRAFT);
  }

  /** Written down a second time, from the words of ledger.proto. */
  @Test
  void isWhatTheProtoSays() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.writeByte(1);
    out.writeLong(7);
    out.writeLong(1_700_000_000_000L);
    out.write(PREVIOUS.bytes());
    for (String text : new String[] {"did:key:ada", "blob.stored", "k-1", "host:störage-1"}) {
      byte[] utf8 = text.getBytes(UTF_8);
      out.writeShort(utf8.length);
      out.write(utf8);
    }
    out.writeInt(1);
    out.writeByte('x');
    assertThat(input()).isEqualTo(bytes.toByteArray());
  }

  @Test
  void isReadAsItWasWritten() {
    Entry entry = LeafInput.decode(input());
    assertThat(entry)
        .isEqualTo(new Entry(7, 1_700_000_000_000L, PREVIOUS, DRAFT, Hash.leaf(input())));
    Draft large = new Draft("a".repeat(0xffff), "", "", "", ByteString.copyFrom(new byte[1 << 20]));
    assertThat(LeafInput.decode(LeafInput.encode(0, 0, Hash.ZERO, large)).draft()).isEqualTo(large);
  }

  @Test
  void hasNoOtherForm() {
    byte[] input = input();
    for (int length = 0; length < input.length; length++) {
      byte[] cut = Arrays.copyOf(input, length);
      assertThatIllegalArgumentException()
          .as("of %s bytes", length)
          .isThrownBy(() -> LeafInput.decode(cut));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeafInput.decode(Arrays.copyOf(input, input.length + 1)))
        .withMessage("it has 1 bytes too many");
    byte[] newer = input.clone();
    newer[0] = 2;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeafInput.decode(newer))
        .withMessage("its version is 2, not 1");
    byte[] garbled = input.clone();
    garbled[LeafInput.MIN_SIZE - 12 + 2] = (byte) 0xff;
    assertThatIllegalArgumentException()
        .isThrownBy(() -> LeafInput.decode(garbled))
        .withMessage("a text in it is not UTF-8");
  }

  @Test
  void refusesWhatItsLengthsCannotSay() {
    Draft draft = new Draft("a".repeat(0x10000), "", "", "", ByteString.EMPTY);
    assertThatIllegalArgumentException().isThrownBy(() -> LeafInput.encode(0, 0, Hash.ZERO, draft));
  }

  @Test
  void theSameContentIsTheSameWhoeverWantsIt() {
    Draft other = new Draft(DRAFT.account(), DRAFT.type(), DRAFT.key(), "node:b", DRAFT.data());
    assertThat(other.hasContentOf(DRAFT)).isTrue();
    assertThat(
            new Draft(DRAFT.account(), DRAFT.type(), DRAFT.key(), "node:b", ByteString.EMPTY)
                .hasContentOf(DRAFT))
        .isFalse();
  }
}
