package blackhole.api.observe;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Takes spans that are over. Thread-safe. */
@ProviderType
public interface SpanSink {
  /** Never blocks and never fails; what is too much is left out. */
  void ended(List<Span> spans);
}
