package blackhole.indexer;

import blackhole.indexer.index.Found;
import blackhole.indexer.index.Found.Place;
import blackhole.indexer.index.Wanted;
import blackhole.indexer.v1.Hit;
import blackhole.indexer.v1.Kind;
import blackhole.indexer.v1.Part;
import blackhole.indexer.v1.SearchResponse;
import blackhole.indexer.v1.Snippet;

/** What was found, as messages. */
final class Messages {
  private Messages() {}

  static SearchResponse answer(Found found, Wanted wanted) {
    SearchResponse.Builder answer =
        SearchResponse.newBuilder().setTotal(found.total()).setMoreThanTotal(found.moreThanTotal());
    found.hits().forEach(hit -> answer.addHits(hit(hit)));
    Place next = found.next();
    if (next != null) {
      answer.setNextPageToken(PageTokens.write(next, wanted.query(), wanted.newest()));
    }
    return answer.build();
  }

  private static Hit hit(Found.Hit hit) {
    Hit.Builder message =
        Hit.newBuilder()
            .setCid(hit.cid())
            .setKind(
                switch (hit.kind()) {
                  case TEXT -> Kind.TEXT;
                  case JSON -> Kind.JSON;
                })
            .setSize(hit.sizeBytes())
            .setStoredAt(hit.storedAtSeconds())
            .setStoredBy(hit.storedBy())
            .setScore(hit.score());
    for (Found.Snippet snippet : hit.snippets()) {
      Snippet.Builder parts = message.addSnippetsBuilder();
      for (Found.Part part : snippet.parts()) {
        parts.addParts(Part.newBuilder().setText(part.text()).setMatch(part.match()));
      }
    }
    return message.build();
  }
}
