package blackhole.api.rpc;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link MethodCaller} is to call.
 *
 * @param service the configured name
 * @param method its name, which may stand behind that of its gRPC service: {@code Authenticate},
 *     {@code Identity/Authenticate}, {@code blackhole.identity.v1.Identity/Authenticate}
 * @param headers metadata to send
 * @param timeout for all of it; empty for the service's own default, which streams don't have
 * @param pretty answers in several lines each, rather than in one
 */
public record MethodCall(
    String service,
    String method,
    List<Header> headers,
    Optional<Duration> timeout,
    boolean pretty) {
  public MethodCall {
    headers = List.copyOf(headers);
  }

  /**
   * A piece of metadata.
   *
   * @param value text in ASCII; for a name that ends in {@code -bin}, base64 of the bytes
   */
  public record Header(String name, String value) {}
}
