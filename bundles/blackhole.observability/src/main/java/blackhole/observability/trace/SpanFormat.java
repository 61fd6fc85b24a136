package blackhole.observability.trace;

import blackhole.api.observe.Span;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How spans are written down for somebody else. */
@FunctionalInterface
interface SpanFormat {
  /**
   * Spans as JSON.
   *
   * @param nodeId which node they are of
   */
  String write(List<Span> spans, String nodeId);

  Pattern INSTANCE = Pattern.compile("(.+)-[0-9]+");

  /** The service that a process is an instance of. */
  static String service(String origin) {
    Matcher instance = INSTANCE.matcher(origin);
    return instance.matches() ? instance.group(1) : origin;
  }

  /** All that is to be said of it, by OpenTelemetry's names. */
  static Map<String, String> attributes(Span span) {
    Map<String, String> attributes = new LinkedHashMap<>(span.attributes());
    int slash = span.name().lastIndexOf('/');
    if (slash > 0) {
      attributes.put("rpc.service", span.name().substring(0, slash));
      attributes.put("rpc.method", span.name().substring(slash + 1));
    }
    return attributes;
  }
}
