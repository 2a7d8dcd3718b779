"""HTTP: the routes of three protocols in one application.

application     puts it together: log, origins, guard, routes
guard           token, size and time of a request, before its route
routes          what every route does
openapi         what every route takes and gives, for the document
tf_serving      TensorFlow Serving's JSON, which is KServe's V1 as well
open_inference  the Open Inference Protocol, KServe's V2
tensors         its tensors in JSON, or in bytes behind it
picture         GET /image: a picture by its address
beside          long bodies read in a thread
json_text       JSON, read strictly and written fast
http_protocol   limits on connections that send or read too slowly
"""
