package blackhole.itest.prices;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The module itself: its rules, and a file. It knows of no process. */
public final class PriceBook implements Prices {
  private final Path file;
  private final Map<String, Long> cents = new TreeMap<>(); // guarded by this

  public PriceBook(Path directory) throws IOException {
    file = directory.resolve("prices");
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        int space = line.indexOf(' ');
        cents.put(line.substring(space + 1), Long.valueOf(line.substring(0, space)));
      }
    }
  }

  @Override
  public synchronized long of(String article) {
    Long found = cents.get(article);
    if (found == null) {
      throw new UnknownArticleException(article);
    }
    return found;
  }

  @Override
  public synchronized void set(String article, long price) {
    cents.put(article, price);
    List<String> lines = new ArrayList<>();
    cents.forEach((name, value) -> lines.add(value + " " + name));
    try {
      Path whole = Files.write(file.resolveSibling("prices.new"), lines);
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
