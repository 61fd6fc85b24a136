package blackhole.analytics.count;

import java.util.List;
import org.apache.datasketches.hll.Union;
import org.apache.datasketches.kll.KllDoublesSketch;

/** The sum of some cells, which are merged as if their events had been counted in one. */
public final class Totals {
  private long count;
  private long bytes;
  private final Union sources = new Union(Cell.LOG_K);
  private final Union subjects = new Union(Cell.LOG_K);
  private final KllDoublesSketch sizes = KllDoublesSketch.newHeapInstance(Cell.K);
  private final KllDoublesSketch values = KllDoublesSketch.newHeapInstance(Cell.K);

  private final Frequent frequentSources = new Frequent();
  private final Frequent frequentSubjects = new Frequent();

  public void add(Cell cell) {
    count += cell.count();
    bytes += cell.bytes();
    sources.update(cell.sources());
    subjects.update(cell.subjects());
    sizes.merge(cell.sizes());
    values.merge(cell.values());
    frequentSources.merge(cell.frequentSources());
    frequentSubjects.merge(cell.frequentSubjects());
  }

  public long count() {
    return count;
  }

  public long bytes() {
    return bytes;
  }

  public long distinctSources() {
    return Math.round(sources.getEstimate());
  }

  public long distinctSubjects() {
    return Math.round(subjects.getEstimate());
  }

  /** The sources that most events are from. */
  public List<Ranked> topSources(int limit) {
    return frequentSources.top(limit);
  }

  /** The subjects that most events are about. */
  public List<Ranked> topSubjects(int limit) {
    return frequentSubjects.top(limit);
  }

  /** Of the sizes of data, one for each rank; none where there was no event. */
  public List<Double> sizes(List<Double> ranks) {
    return quantiles(sizes, ranks);
  }

  /** Of the values; none where no event had one. */
  public List<Double> values(List<Double> ranks) {
    return quantiles(values, ranks);
  }

  private static List<Double> quantiles(KllDoublesSketch sketch, List<Double> ranks) {
    return sketch.isEmpty() ? List.of() : ranks.stream().map(sketch::getQuantile).toList();
  }
}
