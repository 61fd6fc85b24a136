package blackhole.orchestrator.config.parser;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where {@code ${env:NAME}} and {@code ${file:PATH}} come from. */
public interface SecretResolver {
  /** The process's environment and file system. */
  SecretResolver SYSTEM =
      new SecretResolver() {
        @Override
        public Optional<String> environment(String name) {
          return Optional.ofNullable(System.getenv(name));
        }

        @Override
        public String file(Path path) throws IOException {
          if (Files.size(path) > MAX_FILE_BYTES) {
            throw new IOException("it is larger than 64KB");
          }
          return Files.readString(path, StandardCharsets.UTF_8);
        }
      };

  /** What is larger is no secret. */
  int MAX_FILE_BYTES = 1 << 16;

  /** The variable's value; empty if it is not set. */
  Optional<String> environment(String name);

  /**
   * The file's whole content.
   *
   * @param path absolute
   */
  String file(Path path) throws IOException;
}
