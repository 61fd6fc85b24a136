package blackhole.shell.command;

import blackhole.api.supervision.PastUsage;
import blackhole.api.supervision.PastUsage.Figure;
import blackhole.api.supervision.PastUsage.Past;
import blackhole.shell.render.Table;
import blackhole.shell.render.Units;
import blackhole.shell.text.ShortDuration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/** {@code top --past}: what instances used, as rows. */
final class PastRows {
  static final Usage.Option OPTION =
      new Usage.Option("--past", "DURATION", "what was used from so long ago on, up to 24h");

  private static final String NONE = "telemetry has kept nothing of that time";

  private PastRows() {}

  /**
   * How far to look back; empty if that is not asked.
   *
   * @throws CommandException when it is no duration
   */
  static Optional<Duration> back(Arguments arguments) {
    return arguments.value(OPTION).map(text -> duration(text, arguments));
  }

  private static Duration duration(String text, Arguments arguments) {
    return ShortDuration.parse(text)
        .filter(back -> back.toSeconds() >= 1 && back.compareTo(PastUsage.LONGEST) <= 0)
        .orElseThrow(
            () -> arguments.wrong("'" + text + "' is no duration from 1s to 24h, such as 10m"));
  }

  static void print(Invocation invocation, List<Past> past, Optional<Target> target) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    Table table =
        Table.of("INSTANCE", "CPU#", "CPU PEAK#", "RSS#", "RSS PEAK#", "HEAP#", "HEAP PEAK#");
    for (Past one : past) {
      if (target.isEmpty() || target.get().matches(one.id())) {
        rows.add(row(one));
        table.row(
            one.id().service() + "-" + one.id().instance(),
            average(one.cpuCores(), Units::cores),
            peak(one.cpuCores(), Units::cores),
            average(one.rssBytes(), PastRows::bytes),
            peak(one.rssBytes(), PastRows::bytes),
            average(one.heapUsedBytes(), PastRows::bytes),
            peak(one.heapUsedBytes(), PastRows::bytes));
      }
    }
    invocation.print(rows, table, NONE);
  }

  private static Map<String, @Nullable Object> row(Past past) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    row.put("service", past.id().service());
    row.put("instance", past.id().instance());
    row.put("cpu_cores_average", past.cpuCores().map(Figure::average).orElse(null));
    row.put("cpu_cores_maximum", past.cpuCores().map(Figure::maximum).orElse(null));
    row.put("rss_bytes_average", whole(past.rssBytes().map(Figure::average)));
    row.put("rss_bytes_maximum", whole(past.rssBytes().map(Figure::maximum)));
    row.put("heap_used_bytes_average", whole(past.heapUsedBytes().map(Figure::average)));
    row.put("heap_used_bytes_maximum", whole(past.heapUsedBytes().map(Figure::maximum)));
    return row;
  }

  private static @Nullable Long whole(Optional<Double> bytes) {
    return bytes.map(Math::round).orElse(null);
  }

  private static @Nullable String average(Optional<Figure> figure, DoubleFunction<String> text) {
    return figure.map(some -> text.apply(some.average())).orElse(null);
  }

  private static @Nullable String peak(Optional<Figure> figure, DoubleFunction<String> text) {
    return figure.map(some -> text.apply(some.maximum())).orElse(null);
  }

  private static String bytes(double bytes) {
    return Units.bytes(Math.round(bytes));
  }
}
