package blackhole.bench.start;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A kind of process whose start is measured. */
public interface Contender {
  Path socket();

  List<String> command() throws IOException;

  /** Makes its class-data archive, once, before anything is measured. */
  void train() throws IOException, InterruptedException;
}
