package blackhole.api.rpc;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import java.util.function.BiFunction;

/**
 * Takes a server's stream up again where it broke off, for a method that can begin anywhere and
 * changes nothing. No platform can know how to ask for the rest of an answer; who calls does:
 *
 * <pre>{@code
 * StorageGrpc.newBlockingStub(channels.to("storage"))
 *     .withInterceptors(
 *         ResumedStreams.of(
 *             StorageGrpc.getGetMethod(),
 *             (request, got) ->
 *                 request.toBuilder()
 *                     .setOffset(request.getOffset() + got.getChunk().size())
 *                     .build()))
 * }</pre>
 *
 * The caller sees one stream, without a gap or a message twice. It is resumed when its process died
 * or drains, at once and for as long as its deadline lets it: three times in a row without a
 * message in between, and as often as need be with one. What a service or the platform refuses,
 * with a reason or by gRPC's pushback, is not. Each part counts as a call of its own. Thread-safe.
 */
public final class ResumedStreams<Q, R> implements ClientInterceptor {
  private final MethodDescriptor<Q, R> method;
  private final BiFunction<Q, R, Q> rest;

  private ResumedStreams(MethodDescriptor<Q, R> method, BiFunction<Q, R, Q> rest) {
    this.method = method;
    this.rest = rest;
  }

  /**
   * For a stub or a channel; calls of other methods are left alone.
   *
   * @param rest from a request and the first message of its answer, the request for all that
   *     follows that message; called for each message, and may not block
   * @throws IllegalArgumentException if the method is none of one request and many responses
   */
  public static <Q, R> ClientInterceptor of(
      MethodDescriptor<Q, R> method, BiFunction<Q, R, Q> rest) {
    if (method.getType() != MethodType.SERVER_STREAMING) {
      throw new IllegalArgumentException(
          method.getFullMethodName() + " is no method of one request and many responses");
    }
    return new ResumedStreams<>(method, rest);
  }

  @Override
  public <A, B> ClientCall<A, B> interceptCall(
      MethodDescriptor<A, B> called, CallOptions options, Channel next) {
    if (!called.getFullMethodName().equals(method.getFullMethodName())) {
      return next.newCall(called, options);
    }
    // methods of one name have the same types
    @SuppressWarnings("unchecked")
    BiFunction<A, B, A> restOfCalled = (BiFunction<A, B, A>) rest;
    return new ResumedCall<>(() -> next.newCall(called, options), restOfCalled);
  }
}
