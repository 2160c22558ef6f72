/** What is written into the classes of gRPC, and how adapters are loaded. Imports api and log. */
package io.meshagent.core.hooks;
