package blackhole.indexer.index;

import blackhole.indexer.document.Content;

/**
 * A document for the index.
 *
 * @param storedBy a DID; empty if that is not known
 */
public record Entry(
    String cid, long sizeBytes, long storedAtSeconds, String storedBy, Content content) {}
