package dev.cleanroom.problem;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The only place where a problem becomes HTTP: RFC 9457 problem details. */
class ProblemMapper {
    static final String MEDIA_TYPE = "application/problem+json";

    /** {@code templates/problem/NotFoundPage.html}. */
    @CheckedTemplate(basePath = "problem", defaultName = CheckedTemplate.ELEMENT_NAME)
    record NotFoundPage() implements TemplateInstance {}

    private static final Logger LOG = Logger.getLogger(ProblemMapper.class);

    private final DataDisk disk;

    ProblemMapper(DataDisk disk) {
        this.disk = disk;
    }

    @ServerExceptionMapper
    public Response refused(ProblemException refusal) {
        return response(refusal.toProblem());
    }

    @ServerExceptionMapper
    public Response violated(ConstraintViolationException violated) {
        var detail = violated.getConstraintViolations().stream()
                .map(each -> "%s %s".formatted(fieldOf(each), each.getMessage()))
                .sorted()
                .collect(Collectors.joining("; "));
        return response(new Problem("request.invalid", 400, detail));
    }

    /** JSON that parses but does not fit (named by itself, for Quarkus has a mapper of its own for it), or does not parse. */
    @ServerExceptionMapper({JsonProcessingException.class, MismatchedInputException.class})
    public Response unreadable(JsonProcessingException unreadable) {
        return response(new Problem("request.json", 400, reason(unreadable)));
    }

    @ServerExceptionMapper({UnauthorizedException.class, AuthenticationFailedException.class})
    public Response unauthenticated() {
        return response(new Problem(
                "account.unauthenticated",
                401,
                "Sign in, or send an access token that is valid: Authorization: Bearer <token>."));
    }

    @ServerExceptionMapper
    public Response forbidden(ForbiddenException forbidden) {
        return response(new Problem("account.forbidden", 403, "Your account may not do this."));
    }

    /** What the HTTP layer refuses by itself: unknown addresses, methods and media types. */
    @ServerExceptionMapper
    public Response web(WebApplicationException refusal, UriInfo address, HttpHeaders headers) {
        var response = refusal.getResponse();
        int status = response.getStatus();
        if (status == 404 && isPage(address, headers)) {
            return Response.status(404)
                    .type(MediaType.TEXT_HTML_TYPE.withCharset("utf-8"))
                    .entity(new NotFoundPage())
                    .build();
        }
        if (status < 400 || response.hasEntity()) {
            return response;
        }
        if (refusal.getCause() instanceof JsonProcessingException unreadable) {
            return unreadable(unreadable);
        }
        if (status >= 500) {
            return bug(refusal);
        }
        return response(
                switch (status) {
                    case 401 -> new Problem("account.unauthenticated", status, "Sign in, or send an access token.");
                    case 403 -> new Problem("account.forbidden", status, "Your account may not do this.");
                    case 404 -> new Problem("request.not-found", status, "There is nothing at this address.");
                    case 405 -> new Problem("request.method", status, "This address does not take this method.");
                    case 406 ->
                        new Problem(
                                "request.accept", status, "This address cannot answer in the media type asked for.");
                    case 413 -> new Problem("request.too-large", status, "The request is larger than 1 MiB.");
                    case 415 ->
                        new Problem("request.media-type", status, "Send the body with Content-Type: application/json.");
                    default -> new Problem("request.invalid", status, "The request cannot be read as it is.");
                });
    }

    @ServerExceptionMapper
    public Response bug(Throwable bug) {
        if (DatabaseAway.causes(bug)) {
            LOG.warnf("A request failed without the database: %s", bug.getMessage());
            if (DatabaseAway.isDiskFull(bug) || disk.isFull()) {
                return response(new Problem(
                        "server.disk-full",
                        503,
                        "The server's disk is full. What was acknowledged is safe. Whoever runs this server has to"
                                + " free space on it; then everything goes on by itself."));
            }
            return response(
                    new Problem(
                            "server.database-away",
                            503,
                            "The database does not answer at the moment. What was acknowledged is safe; try again in some seconds."));
        }
        LOG.error("A request failed", bug);
        return response(new Problem(
                "server.failed", 500, "The server failed at this. Nothing is known to be lost; its log says why."));
    }

    private static boolean isPage(UriInfo address, HttpHeaders headers) {
        return !address.getPath().startsWith("/api/")
                && headers.getAcceptableMediaTypes().stream()
                        .anyMatch(type -> type.isCompatible(MediaType.TEXT_HTML_TYPE) && !type.isWildcardType());
    }

    private static Response response(Problem problem) {
        return Response.status(problem.status())
                .type(MEDIA_TYPE)
                .header("Cache-Control", "no-store")
                .entity(problem)
                .build();
    }

    /** The request's own words for it: {@code members[0].email}, without the method and parameter before. */
    private static String fieldOf(ConstraintViolation<?> violation) {
        var path = violation.getPropertyPath();
        long nodes = StreamSupport.stream(path.spliterator(), false).count();
        return StreamSupport.stream(path.spliterator(), false)
                .skip(nodes > 2 ? 2 : nodes - 1)
                .map(Object::toString)
                .collect(Collectors.joining("."));
    }

    private static String reason(JsonProcessingException unreadable) {
        if (unreadable instanceof JsonMappingException mapping
                && !mapping.getPath().isEmpty()) {
            var field = mapping.getPath().stream()
                    .map(step -> step.getFieldName() == null ? "[" + step.getIndex() + "]" : step.getFieldName())
                    .collect(Collectors.joining("."));
            return "The field " + field + " has a value that does not fit.";
        }
        var where = unreadable.getLocation();
        return where == null
                ? "The body is not the JSON that is expected here."
                : "The body is not valid JSON: look at line %d, column %d."
                        .formatted(where.getLineNr(), where.getColumnNr());
    }
}
