package blackhole.api.rpc;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.BadRequest.FieldViolation;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A status that programs can read: a {@code google.rpc.Status} with an {@code ErrorInfo}, a {@code
 * BadRequest} where fields of the request are at fault, and a {@code RetryInfo} where the caller
 * should come again (see <a href="https://google.aip.dev/193">AIP-193</a>). Immutable.
 */
public final class RpcStatus {
  private final Status.Code code;
  private final String domain;
  private final String reason;
  private final String message;
  private final List<FieldViolation> violations;
  private final @Nullable Duration retryAfter;

  private RpcStatus(
      Status.Code code,
      String domain,
      String reason,
      String message,
      List<FieldViolation> violations,
      @Nullable Duration retryAfter) {
    this.code = code;
    this.domain = domain;
    this.reason = reason;
    this.message = message;
    this.violations = violations;
    this.retryAfter = retryAfter;
  }

  /**
   * @param domain who defines the reason: {@link Reasons#DOMAIN} for Blackhole's own, else the
   *     service's gRPC package
   * @param reason in {@code UPPER_SNAKE_CASE}
   * @param message for people
   */
  public static RpcStatus of(Status.Code code, String domain, String reason, String message) {
    return new RpcStatus(code, domain, reason, message, List.of(), null);
  }

  /** The same, telling the caller when it may try again. */
  public RpcStatus retryAfter(Duration delay) {
    return new RpcStatus(code, domain, reason, message, violations, delay);
  }

  /**
   * The same, naming a field of the request that is at fault, too.
   *
   * @param field by its name in the message
   * @param description what is wrong with it and what was expected
   */
  public RpcStatus violation(String field, String description) {
    List<FieldViolation> all = new ArrayList<>(violations);
    all.add(FieldViolation.newBuilder().setField(field).setDescription(description).build());
    return new RpcStatus(code, domain, reason, message, List.copyOf(all), retryAfter);
  }

  public String reason() {
    return reason;
  }

  public Status status() {
    return Status.fromCode(code).withDescription(message);
  }

  /** What goes beside {@link #status()} to carry the details. */
  public Metadata trailers() {
    Metadata trailers = asException().getTrailers();
    return trailers == null ? new Metadata() : trailers;
  }

  public StatusRuntimeException asException() {
    com.google.rpc.Status.Builder proto =
        com.google.rpc.Status.newBuilder()
            .setCode(code.value())
            .setMessage(message)
            .addDetails(
                Any.pack(ErrorInfo.newBuilder().setDomain(domain).setReason(reason).build()));
    if (!violations.isEmpty()) {
      proto.addDetails(Any.pack(BadRequest.newBuilder().addAllFieldViolations(violations).build()));
    }
    if (retryAfter != null) {
      proto.addDetails(
          Any.pack(
              RetryInfo.newBuilder()
                  .setRetryDelay(
                      com.google.protobuf.Duration.newBuilder()
                          .setSeconds(retryAfter.toSeconds())
                          .setNanos(retryAfter.getNano()))
                  .build()));
    }
    return StatusProto.toStatusRuntimeException(proto.build());
  }

  /** The reason that a failed call's {@code ErrorInfo} gives; empty when it has none. */
  public static Optional<String> reasonOf(Throwable failure) {
    return detail(failure, ErrorInfo.class).map(ErrorInfo::getReason);
  }

  /** After which time the answer allows another try; empty when it does not say. */
  public static Optional<Duration> retryAfterOf(Throwable failure) {
    return detail(failure, RetryInfo.class)
        .map(RetryInfo::getRetryDelay)
        .map(delay -> Duration.ofSeconds(delay.getSeconds(), delay.getNanos()));
  }

  private static <T extends com.google.protobuf.Message> Optional<T> detail(
      Throwable failure, Class<T> type) {
    com.google.rpc.Status status = StatusProto.fromThrowable(failure);
    if (status == null) {
      return Optional.empty();
    }
    try {
      for (Any any : status.getDetailsList()) {
        if (any.is(type)) {
          return Optional.of(any.unpack(type));
        }
      }
      return Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      // somebody else's garbage is no detail of ours
      return Optional.empty();
    }
  }

  @Override
  public String toString() {
    return code + " " + reason + ": " + message;
  }
}
