package blackhole.analytics.count;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DoubleValue;
import com.google.protobuf.FloatValue;
import com.google.protobuf.Int64Value;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.util.List;
import org.junit.jupiter.api.Test;

class PayloadFieldsTest {
  private static final PayloadFields FIELDS = PayloadFields.parse(List.of("blob.stored=2", "t=1"));

  private static ByteString bytes(Message message) {
    return message.toByteString();
  }

  @Test
  void readsAFieldAmongOthers() {
    ByteString message =
        UnknownFieldSet.newBuilder()
            .addField(
                1, Field.newBuilder().addLengthDelimited(ByteString.copyFromUtf8("cid")).build())
            .addField(2, Field.newBuilder().addVarint(4711).build())
            .addField(3, Field.newBuilder().addFixed32(7).build())
            .build()
            .toByteString();
    assertThat(FIELDS.number("blob.stored", message)).hasValue(4711);
    assertThat(FIELDS.text("blob.stored", message)).contains("4711");
    assertThat(FIELDS.text("t", message)).contains("cid");
    assertThat(FIELDS.number("t", message)).isEmpty();
    assertThat(FIELDS.text("other", message)).isEmpty();
    assertThat(FIELDS.number("other", message)).isEmpty();
  }

  @Test
  void readsNumbersOfAnyWidth() {
    assertThat(FIELDS.number("t", bytes(Int64Value.of(-5)))).hasValue(-5);
    assertThat(FIELDS.number("t", bytes(DoubleValue.of(2.5)))).hasValue(2.5);
    assertThat(FIELDS.number("t", bytes(FloatValue.of(0.5f)))).hasValue(0.5);
    assertThat(FIELDS.number("t", bytes(Int64Value.of(0)))).hasValue(0);
    assertThat(FIELDS.text("t", bytes(StringValue.of("Zoë")))).contains("Zoë");
    assertThat(FIELDS.text("t", ByteString.EMPTY)).isEmpty();
  }

  @Test
  void saysNothingOfWhatIsNoMessage() {
    ByteString garbage = ByteString.copyFrom(new byte[] {(byte) 0xff, (byte) 0xff});
    assertThat(FIELDS.number("t", garbage)).isEmpty();
    assertThat(FIELDS.text("t", garbage)).isEmpty();
  }
}
