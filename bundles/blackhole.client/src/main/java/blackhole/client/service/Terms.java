package blackhole.client.service;

import blackhole.api.registry.CallPolicy;

/** How one channel calls its service, as of one view of it. */
record Terms(ServiceView view, CallPolicy policy, Connections connections) {}
