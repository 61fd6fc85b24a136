package blackhole.api.observe;

import io.grpc.Context;
import io.grpc.Metadata;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Where in which trace something happens, as W3C's Trace Context has it. Ids are kept as numbers,
 * because most are never written down.
 *
 * @param spanId 0 where only the trace is known, not who began it
 * @param state what other tracing systems send along, which goes on as it came; or empty
 */
public record TraceContext(
    long traceIdHigh, long traceIdLow, long spanId, boolean sampled, String state) {
  /** The metadata key that {@link #header()} is sent under. */
  public static final Metadata.Key<String> HEADER =
      Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

  private static final Metadata.Key<String> STATE =
      Metadata.Key.of("tracestate", Metadata.ASCII_STRING_MARSHALLER);

  private static final Context.Key<TraceContext> CURRENT = Context.key("blackhole-trace");

  private static final HexFormat HEX = HexFormat.of();
  private static final int TRACE_ID_LENGTH = 32;
  private static final int SPAN_ID_LENGTH = 16;

  /** {@code 00-<trace id>-<span id>-<flags>}; later versions may append something. */
  private static final int HEADER_LENGTH = 55;

  private static final int SPAN_ID_AT = 36;
  private static final int FLAGS_AT = 53;

  /** A trace that begins here. */
  public static TraceContext root(boolean sampled) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return new TraceContext(random.nextLong(), notZero(random), notZero(random), sampled, "");
  }

  /** Another span of the same trace. */
  public TraceContext child() {
    return new TraceContext(
        traceIdHigh, traceIdLow, notZero(ThreadLocalRandom.current()), sampled, state);
  }

  private static long notZero(ThreadLocalRandom random) {
    long id = random.nextLong();
    return id == 0 ? 1 : id;
  }

  /** The one of what is being done on this thread; null outside of a trace. */
  public static @Nullable TraceContext current() {
    return CURRENT.get();
  }

  /** The id of the current trace, if it is recorded: for what refers to it, such as a log line. */
  public static Optional<String> currentTraceId() {
    TraceContext current = CURRENT.get();
    return current != null && current.sampled() ? Optional.of(current.traceId()) : Optional.empty();
  }

  /** Another context in which the current trace goes on, if there is one. */
  public static Context carriedInto(Context other) {
    TraceContext current = CURRENT.get();
    return current == null ? other : current.in(other);
  }

  /** A context in which this is the current one. */
  public Context in(Context context) {
    return context.withValue(CURRENT, this);
  }

  /**
   * Reads what came with a call.
   *
   * @return null when there was nothing, or nothing that makes sense: then the trace begins anew
   */
  public static @Nullable TraceContext of(Metadata headers) {
    TraceContext parsed = parse(headers.get(HEADER));
    Iterable<String> states = parsed == null ? null : headers.getAll(STATE);
    return parsed == null || states == null
        ? parsed
        : new TraceContext(
            parsed.traceIdHigh,
            parsed.traceIdLow,
            parsed.spanId,
            parsed.sampled,
            String.join(",", states));
  }

  /** Sends it with a call, and no other. */
  public void put(Metadata headers) {
    headers.discardAll(HEADER);
    headers.put(HEADER, header());
    headers.discardAll(STATE);
    if (!state.isEmpty()) {
      headers.put(STATE, state);
    }
  }

  /**
   * Reads what came under {@link #HEADER}.
   *
   * @return null when there was nothing, or nothing that makes sense: then the trace begins anew
   */
  public static @Nullable TraceContext parse(@Nullable String header) {
    if (header == null
        || header.length() < HEADER_LENGTH
        || header.charAt(2) != '-'
        || header.charAt(SPAN_ID_AT - 1) != '-'
        || header.charAt(FLAGS_AT - 1) != '-') {
      return null;
    }
    boolean known = header.startsWith("00");
    boolean longer = header.length() > HEADER_LENGTH;
    if (header.startsWith("ff") || (longer && (known || header.charAt(HEADER_LENGTH) != '-'))) {
      return null;
    }
    for (int i = 0; i < HEADER_LENGTH; i++) {
      if (i != 2 && i != SPAN_ID_AT - 1 && i != FLAGS_AT - 1 && !isLowerHex(header.charAt(i))) {
        return null;
      }
    }
    TraceContext parsed =
        new TraceContext(
            HexFormat.fromHexDigitsToLong(header, 3, 3 + SPAN_ID_LENGTH),
            HexFormat.fromHexDigitsToLong(header, 3 + SPAN_ID_LENGTH, 3 + TRACE_ID_LENGTH),
            HexFormat.fromHexDigitsToLong(header, SPAN_ID_AT, SPAN_ID_AT + SPAN_ID_LENGTH),
            (HexFormat.fromHexDigit(header.charAt(HEADER_LENGTH - 1)) & 1) == 1,
            "");
    return parsed.spanId() == 0 || parsed.hasNoTrace() ? null : parsed;
  }

  /**
   * The sampled trace of this id, at no span that is known.
   *
   * @return null when this is no such id
   */
  public static @Nullable TraceContext ofTrace(String traceId) {
    return ofSpan(traceId, "");
  }

  /**
   * A span of a sampled trace.
   *
   * @param spanId as {@link #spanIdText}; what is none is taken for one that is not known
   * @return null when there is no such trace
   */
  public static @Nullable TraceContext ofSpan(String traceId, String spanId) {
    if (!isHex(traceId, TRACE_ID_LENGTH)) {
      return null;
    }
    TraceContext trace =
        new TraceContext(
            HexFormat.fromHexDigitsToLong(traceId, 0, SPAN_ID_LENGTH),
            HexFormat.fromHexDigitsToLong(traceId, SPAN_ID_LENGTH, TRACE_ID_LENGTH),
            isHex(spanId, SPAN_ID_LENGTH) ? HexFormat.fromHexDigitsToLong(spanId) : 0,
            true,
            "");
    return trace.hasNoTrace() ? null : trace;
  }

  private static boolean isHex(String text, int length) {
    return text.length() == length && text.chars().allMatch(digit -> isLowerHex((char) digit));
  }

  private boolean hasNoTrace() {
    return traceIdHigh == 0 && traceIdLow == 0;
  }

  private static boolean isLowerHex(char digit) {
    return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f');
  }

  /** What to send under {@link #HEADER}. */
  public String header() {
    return "00-" + traceId() + "-" + HEX.toHexDigits(spanId) + (sampled ? "-01" : "-00");
  }

  /** Thirty-two hex digits. */
  public String traceId() {
    return HEX.toHexDigits(traceIdHigh) + HEX.toHexDigits(traceIdLow);
  }

  /** Sixteen hex digits, empty where there is none. */
  public String spanIdText() {
    return spanId == 0 ? "" : HEX.toHexDigits(spanId);
  }
}
