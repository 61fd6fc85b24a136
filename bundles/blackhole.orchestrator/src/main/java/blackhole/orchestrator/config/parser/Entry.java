package blackhole.orchestrator.config.parser;

import java.util.List;
import java.util.Optional;

/**
 * A value that stands in the file.
 *
 * @param value empty if it is refused; the reason has been reported
 * @param yaml as written, with references in place of secrets
 * @param elements where the elements of a list stand
 */
record Entry<T>(Optional<T> value, String yaml, Position position, List<Position> elements) {}
