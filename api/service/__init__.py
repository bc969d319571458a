"""The service without HTTP: what is served, asked, admitted, batched and rebuilt."""
