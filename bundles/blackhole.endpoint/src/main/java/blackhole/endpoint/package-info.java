@NullMarked
package blackhole.endpoint;

import org.jspecify.annotations.NullMarked;
