package blackhole.api.events;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;

/**
 * A message that an event carries, in its bytes: who receives it need not know its type.
 *
 * @param typeUrl as in {@code google.protobuf.Any}: the message's full name behind a slash
 */
public record Payload(String typeUrl, ByteString bytes) {
  public static Payload of(Message message) {
    Any any = Any.pack(message);
    return new Payload(any.getTypeUrl(), any.getValue());
  }

  /** Whether it is a message of this type. */
  public boolean is(Class<? extends Message> type) {
    return any().is(type);
  }

  /**
   * @throws InvalidProtocolBufferException if it is no message of this type
   */
  public <T extends Message> T unpack(Class<T> type) throws InvalidProtocolBufferException {
    return any().unpack(type);
  }

  private Any any() {
    return Any.newBuilder().setTypeUrl(typeUrl).setValue(bytes).build();
  }
}
