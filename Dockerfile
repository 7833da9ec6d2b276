# Commonpurse for a server of one's own: the same image is web, worker and operator's command.
FROM python:3.13-slim AS build
WORKDIR /app
COPY requirements/uv.lock requirements/run.lock requirements/
RUN python -m venv /app/.venv \
 && pip install --quiet --require-hashes -r requirements/uv.lock \
 && uv pip sync --quiet --python /app/.venv/bin/python --require-hashes requirements/run.lock
COPY commonpurse commonpurse
RUN echo /app > "$(/app/.venv/bin/python -c 'import sysconfig; print(sysconfig.get_paths()["purelib"])')/commonpurse.pth" \
 && printf '#!/app/.venv/bin/python\nimport sys\nfrom commonpurse.cli.main import main\nsys.exit(main())\n' > /app/.venv/bin/purse \
 && chmod +x /app/.venv/bin/purse

FROM python:3.13-slim
RUN useradd --system --no-create-home --home-dir /data purse && install -d -o purse -g purse /data
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH PURSE_DATA=/data PYTHONUNBUFFERED=1
USER purse
WORKDIR /data
VOLUME /data
EXPOSE 8000
CMD ["purse", "serve", "--host", "0.0.0.0", "--port", "8000"]
