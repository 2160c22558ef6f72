/**
 * Puts the parts together and starts them. May import every other package of core; none imports it
 * but for {@link io.meshagent.core.engine.AgentThreads}.
 */
package io.meshagent.core.engine;
