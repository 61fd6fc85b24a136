package blackhole.bench.update.service;

import com.google.protobuf.Int64Value;
import com.google.protobuf.Message;
import com.google.protobuf.StringValue;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.protobuf.ProtoUtils;

/** What a {@link VersionedService} answers; neither is declared as one that may be repeated. */
public final class VersionedMethods {
  public static final String SERVICE = "blackhole.bench.Versioned";

  /** The version of the bundle that answers. */
  public static final MethodDescriptor<StringValue, StringValue> ASK =
      method(
          MethodType.UNARY,
          "Ask",
          StringValue.getDefaultInstance(),
          StringValue.getDefaultInstance());

  /** Counts from a number on, a number every {@link #TICK_MILLIS}. */
  public static final MethodDescriptor<Int64Value, Int64Value> COUNT =
      method(
          MethodType.SERVER_STREAMING,
          "Count",
          Int64Value.getDefaultInstance(),
          Int64Value.getDefaultInstance());

  public static final long TICK_MILLIS = 10;

  private VersionedMethods() {}

  private static <Q extends Message, R extends Message> MethodDescriptor<Q, R> method(
      MethodType type, String name, Q request, R response) {
    return MethodDescriptor.<Q, R>newBuilder()
        .setType(type)
        .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
        .setRequestMarshaller(ProtoUtils.marshaller(request))
        .setResponseMarshaller(ProtoUtils.marshaller(response))
        .build();
  }
}
