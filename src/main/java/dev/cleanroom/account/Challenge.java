package dev.cleanroom.account;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/** Says with every 401 how to come in: git asks its user for a password only when it is told {@code Basic}. */
class Challenge {
    @ServerResponseFilter
    public void add(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getStatus() == 401) {
            var isForGit = request.getUriInfo().getPath().startsWith("/git/");
            response.getHeaders().putSingle("WWW-Authenticate", isForGit ? "Basic realm=\"Cleanroom\"" : "Bearer");
        }
    }
}
