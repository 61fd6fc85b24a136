package blackhole.storage;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import blackhole.api.events.Event;
import blackhole.storage.call.Call;
import blackhole.storage.call.StorageException;
import blackhole.storage.cid.Cid;
import blackhole.storage.store.BlobReader;
import blackhole.storage.store.BlobWriter;
import blackhole.storage.v1.BlobDeleted;
import blackhole.storage.v1.BlobStored;
import blackhole.testkit.Await;
import blackhole.testkit.TestHost;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What storage tells the event stream. */
@Timeout(180)
class StorageEventsTest {
  private static final String ADA = "did:key:ada";

  private final TestStream stream = new TestStream();
  private StorageCore core;

  @TempDir Path data;

  @BeforeEach
  void open() throws IOException {
    core = new StorageCore(new TestHost("storage", data), TestConfig.with(), Map.of());
  }

  @AfterEach
  void close() {
    core.close();
  }

  private static Call call() {
    return Call.within(Duration.ofSeconds(60)).by(ADA);
  }

  private Cid put(String content, Call call) {
    try (BlobWriter writer = core.store().create()) {
      writer.write(ByteBuffer.wrap(content.getBytes(UTF_8)));
      return writer.commit(Optional.empty(), call).cid();
    }
  }

  private List<Event> published(int count) throws Exception {
    StorageEvents events = new StorageEvents(core, stream);
    try {
      Await.until("nothing waits", () -> events.metrics().get("outbox_events") == 0);
      assertThat(events.metrics()).containsEntry("outbox_published_total", (double) count);
    } finally {
      events.close();
    }
    return stream.log();
  }

  @Test
  void tellsWhatIsStoredAndDeletedAndByWhom() throws Exception {
    Cid cid = put("content", call());
    put("content", call()); // it is there already
    core.store().delete(cid, call());
    core.store().delete(cid, call()); // it is gone already
    put("content", Call.within(Duration.ofSeconds(60)));

    List<Event> events = published(3);
    assertThat(events)
        .extracting(Event::type)
        .containsExactly("blob.stored", "blob.deleted", "blob.stored");
    BlobStored stored =
        BlobStored.newBuilder().setCid(cid.text()).setSize(7).setStoredBy(ADA).build();
    assertThat(events.get(0).data().orElseThrow().unpack(BlobStored.class)).isEqualTo(stored);
    assertThat(events.get(1).data().orElseThrow().unpack(BlobDeleted.class))
        .isEqualTo(
            BlobDeleted.newBuilder().setCid(cid.text()).setSize(7).setDeletedBy(ADA).build());
    assertThat(events.get(2).data().orElseThrow().unpack(BlobStored.class))
        .isEqualTo(stored.toBuilder().clearStoredBy().build());
  }

  @Test
  void saysNothingOfWhatIsMendedNorOfWhatFails() throws Exception {
    Cid cid = put("content", call());
    Path file;
    try (var files = Files.walk(data.resolve("blobs"))) {
      file = files.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
    Files.writeString(file, "CONTENT");
    try (BlobReader reader = core.store().read(cid, 0, Long.MAX_VALUE, call())) {
      assertThatThrownBy(() -> reader.next(100)).isInstanceOf(StorageException.class);
    }
    put("content", call());
    assertThatThrownBy(() -> put("other", Call.within(Duration.ZERO)))
        .isInstanceOf(StorageException.class);
    assertThat(published(1)).extracting(Event::type).containsExactly("blob.stored");
  }
}
