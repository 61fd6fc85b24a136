package blackhole.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchProblemTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Cannot run program "/x/java" (in directory "/"): error=24, Too many open files | ulimit -n
          Cannot run program "/x/java" (in directory "/"): error=23, Too many open files in system | fs.file-max
          Cannot run program "/x/java": error=11, Resource temporarily unavailable | allows no more processes
          Cannot run program "/x/java": error=12, Cannot allocate memory | not enough memory
          Cannot run program "/x/java": error=13, Permission denied | permission denied
          Cannot run program "/x/java": error=2, No such file or directory | no such program
          Cannot run program "/x/java": error=7, Argument list too long | too long
          Cannot run program "/x/java": error=8, Exec format error | not in a format
          Cannot run program "/x/java": error=26, Text file busy | Text file busy
          /home/log/identity-1.out (No space left on device) | No space left on device
          /home/log/identity-1.out (Read-only file system) | Read-only file system
          /home/log/identity-1.out (Too many open files) | Too many open files
          """)
  void saysWhatTheSystemMeant(String fromTheJdk, String words) {
    assertThat(LaunchProblem.inWords("/x/java", new IOException(fromTheJdk)))
        .hasMessageStartingWith("cannot start /x/java: ")
        .hasMessageContaining(words)
        .hasMessageNotContaining("error=");
  }

  @Test
  void keepsItsCause() {
    IOException cause = new IOException("x");
    assertThat(LaunchProblem.inWords("/x/java", cause)).hasCause(cause);
  }
}
