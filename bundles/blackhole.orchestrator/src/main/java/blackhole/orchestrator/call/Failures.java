package blackhole.orchestrator.call;

import blackhole.api.rpc.MethodCallException;
import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A status that is not OK, as people read it: {@code CODE: message}, and its details line by line.
 */
final class Failures {
  private final @Nullable Schema schema;

  /**
   * @param schema where types of details are looked up that are not of {@code google.rpc}; null
   *     where there is none
   */
  Failures(@Nullable Schema schema) {
    this.schema = schema;
  }

  MethodCallException of(StatusRuntimeException e) throws InterruptedException {
    Metadata trailers = e.getTrailers();
    return of(e.getStatus(), trailers == null ? new Metadata() : trailers);
  }

  MethodCallException of(Status status, Metadata trailers) throws InterruptedException {
    String description = status.getDescription();
    String code = status.getCode().toString();
    List<String> details = new ArrayList<>();
    com.google.rpc.Status rich = StatusProto.fromStatusAndTrailers(status, trailers);
    if (rich != null) {
      for (Any detail : rich.getDetailsList()) {
        describe(detail, details);
      }
    }
    return new MethodCallException(
        description == null || description.isBlank() ? code : code + ": " + printable(description),
        details.stream().map(Failures::printable).toList());
  }

  private void describe(Any detail, List<String> lines) throws InterruptedException {
    try {
      if (detail.is(ErrorInfo.class)) {
        reason(detail.unpack(ErrorInfo.class), lines);
      } else if (detail.is(RetryInfo.class)) {
        lines.add("retry after: " + seconds(detail.unpack(RetryInfo.class)));
      } else if (detail.is(BadRequest.class)) {
        detail
            .unpack(BadRequest.class)
            .getFieldViolationsList()
            .forEach(each -> lines.add(each.getField() + ": " + each.getDescription()));
      } else {
        lines.add("detail: " + json(detail));
      }
    } catch (InvalidProtocolBufferException e) {
      lines.add("detail: " + detail.getTypeUrl() + ", which cannot be read");
    }
  }

  private static void reason(ErrorInfo info, List<String> lines) {
    lines.add("reason: " + info.getReason() + " (" + info.getDomain() + ")");
    Map<String, String> metadata = new TreeMap<>(info.getMetadataMap());
    metadata.forEach((key, value) -> lines.add(key + ": " + value));
  }

  private static String seconds(RetryInfo info) {
    Duration delay =
        Duration.ofSeconds(info.getRetryDelay().getSeconds(), info.getRetryDelay().getNanos());
    return delay.toMillis() % 1000 == 0 ? delay.toSeconds() + " s" : delay.toMillis() + " ms";
  }

  private String json(Any detail) throws InterruptedException {
    if (schema == null) {
      return detail.getTypeUrl();
    }
    try {
      return new JsonMessages(schema, false).print(detail);
    } catch (MethodCallException e) {
      return detail.getTypeUrl();
    }
  }

  /** What a service says must not move the cursor. */
  private static String printable(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return clean.toString().strip();
  }
}
