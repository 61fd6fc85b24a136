package blackhole.sqlite.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.events.Event;
import com.google.protobuf.Empty;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
  @TempDir Path directory;

  private TestData open(int limit) throws IOException {
    return new TestData(directory, limit);
  }

  @Test
  void keepsAnEventWithItsFactAndWithoutItNone() throws Exception {
    try (TestData data = open(100)) {
      data.add("fact.one");
      assertThatThrownBy(
              () ->
                  data.database.change(
                      TestData.patience(),
                      connection -> {
                        data.insert(connection, "fact.lost");
                        throw new IllegalArgumentException("after the event, before the commit");
                      }))
          .hasMessage("after the event, before the commit");
      data.add("fact.two");
      assertThat(data.waiting()).containsExactly("fact.one", "fact.two");
    }
    try (TestData data = open(100)) { // as after a crash
      assertThat(data.waiting()).containsExactly("fact.one", "fact.two");
      assertThat(data.outbox.size(TestData.patience())).isEqualTo(2);
    }
  }

  @Test
  void givesBackTheEvent() throws Exception {
    try (TestData data = open(100)) {
      data.add("fact.one");
      Event event = data.outbox.oldest(1, TestData.patience()).get(0).event();
      assertThat(event.id()).matches("1-[0-9a-f]{16}");
      assertThat(event.type()).isEqualTo("fact.one");
      assertThat(event.time()).isEqualTo(TestData.TIME);
      assertThat(event.data().orElseThrow().unpack(Empty.class))
          .isEqualTo(Empty.getDefaultInstance());
    }
  }

  /** Of a version that knew no traces, and that goes on beside this one during an update. */
  @Test
  void takesWhatAnEarlierVersionHasPutThere() throws Exception {
    try (TestData earlier = new TestData(directory, 100, Outbox.SCHEMA.subList(0, 1))) {
      addAsItUsedToBe(earlier);
      try (TestData data = open(100)) {
        addAsItUsedToBe(earlier);
        assertThat(data.outbox.oldest(9, TestData.patience()))
            .extracting(entry -> entry.event().type() + entry.trace())
            .containsExactly("fact.old", "fact.old");
      }
    }
  }

  private static void addAsItUsedToBe(TestData data) {
    int unused =
        data.database.change(
            TestData.patience(),
            connection -> {
              try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate(
                    "INSERT INTO outbox (nonce, type, time, data_type, data)"
                        + " VALUES (1, 'fact.old', 2, 'a/b', x'')");
              }
            });
  }

  @Test
  void givesNoSequenceTwice() throws Exception {
    try (TestData data = open(100)) {
      data.add("fact.one");
      data.add("fact.two");
      data.outbox.clear(2, TestData.patience());
      assertThat(data.outbox.size(TestData.patience())).isZero();
    }
    try (TestData data = open(100)) {
      data.add("fact.three");
      assertThat(data.outbox.oldest(9, TestData.patience()))
          .extracting(Outbox.Entry::sequence)
          .isEqualTo(List.of(3L));
    }
  }

  @Test
  void dropsTheOldestWhereNobodyTakesThem() throws Exception {
    try (TestData data = open(3)) {
      for (int i = 1; i <= 5; i++) {
        data.add("fact.n" + i);
      }
      assertThat(data.waiting()).containsExactly("fact.n3", "fact.n4", "fact.n5");
      assertThat(data.outbox.size(TestData.patience())).isEqualTo(3);
      assertThat(data.outbox.dropped()).isEqualTo(2);
    }
  }
}
