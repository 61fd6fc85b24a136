package blackhole.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read out of {@code /proc}. */
class KernelFilesTest {
  @TempDir Path temp;

  @Test
  void theHolderOfALockIsWhoHoldsItAndNotWhoWaits() {
    List<String> locks =
        List.of(
            "1: FLOCK  ADVISORY  WRITE 11 fe:01:77 0 EOF",
            "2: POSIX  ADVISORY  READ 12 fe:01:77 0 EOF",
            "3: POSIX  ADVISORY  WRITE 13 fe:01:770 0 EOF",
            "4: POSIX  ADVISORY  WRITE 4711 fe:01:77 0 EOF",
            "4: -> POSIX  ADVISORY  WRITE 14 fe:01:77 0 EOF");

    assertThat(LockHolder.find(locks, "77")).isEqualTo(4711);
    assertThat(LockHolder.find(locks, "78")).isZero();
    assertThat(LockHolder.find(List.of("1: POSIX ADVISORY WRITE 0 fe:01:77 0 EOF"), "77"))
        .isEqualTo(LockHolder.NOT_SEEN);
  }

  @Test
  void aLockOfThisProcessIsSeenAndNotTouched() throws Exception {
    Path lock = temp.resolve("node.lock");
    assertThat(LockHolder.pid(lock)).isZero();
    try (FileChannel file =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.lock();
      assertThat(LockHolder.pid(lock)).isEqualTo(ProcessHandle.current().pid());
      assertThat(LockHolder.isSettled(lock)).isFalse();
    }
    Files.writeString(lock, "1\n");
    assertThat(LockHolder.pid(lock)).isZero();
  }

  @Test
  void aJobInTheBackgroundIsNotInteractive() {
    assertThat(Tty.isInForeground("7 (a) b) c) S 1 7 7 34816 7 4194304 0")).isTrue();
    assertThat(Tty.isInForeground("7 (java) S 1 7 7 34816 9 4194304 0")).isFalse();
    assertThat(Tty.isInForeground("7 (java) S 1 7 7 0 -1 4194304 0")).isFalse();
  }

  @Test
  void theMaskOfIgnoredSignalsIsReadBitByBit() {
    assertThat(Signals.isIgnored("0000000000000001", 1)).isTrue();
    assertThat(Signals.isIgnored("0000000000001006", 1)).isFalse();
    assertThat(Signals.isIgnored("ffffffffffffffff", 15)).isTrue();
  }
}
