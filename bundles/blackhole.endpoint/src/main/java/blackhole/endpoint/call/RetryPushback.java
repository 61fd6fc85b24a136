package blackhole.endpoint.call;

import io.grpc.Metadata;
import java.time.Duration;

/** The trailer by which gRPC lets a server steer its clients' retries (gRFC A6). */
final class RetryPushback {
  static final Metadata.Key<String> KEY =
      Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

  private RetryPushback() {}

  /** The same trailers, telling clients to retry no earlier. */
  static Metadata after(Duration delay, Metadata trailers) {
    return with(Long.toString(Math.max(1, delay.plusNanos(999_999).toMillis())), trailers);
  }

  /** The same trailers, telling clients not to retry at all. */
  static Metadata never(Metadata trailers) {
    return with("-1", trailers);
  }

  /** A copy, since handlers may use theirs again. */
  private static Metadata with(String value, Metadata trailers) {
    Metadata copy = new Metadata();
    copy.merge(trailers);
    copy.discardAll(KEY);
    copy.put(KEY, value);
    return copy;
  }
}
