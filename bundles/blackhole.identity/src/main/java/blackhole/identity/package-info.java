@NullMarked
package blackhole.identity;

import org.jspecify.annotations.NullMarked;
