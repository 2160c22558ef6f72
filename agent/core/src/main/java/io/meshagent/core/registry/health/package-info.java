/**
 * What the program's own health service says of the services that we publish. Imports api, log and
 * its parent's loop.
 */
package io.meshagent.core.registry.health;
