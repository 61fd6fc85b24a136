package blackhole.bench;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The file of figures. */
final class Results {
  private static final Gson GSON =
      new GsonBuilder().disableHtmlEscaping().serializeNulls().setPrettyPrinting().create();

  private final Path file;

  Results(Path file) {
    this.file = file;
  }

  Path file() {
    return file;
  }

  /** These are all. */
  void write(List<Figure> figures) throws IOException {
    Files.writeString(file, GSON.toJson(figures) + "\n");
  }

  /** These take the place of those with their names; others stay as they are. */
  void merge(List<Figure> figures) throws IOException {
    Map<String, Figure> all = new LinkedHashMap<>();
    if (Files.exists(file)) {
      for (Figure figure : GSON.fromJson(Files.readString(file), Figure[].class)) {
        all.put(figure.figure(), figure);
      }
    }
    figures.forEach(figure -> all.put(figure.figure(), figure));
    write(List.copyOf(all.values()));
  }
}
